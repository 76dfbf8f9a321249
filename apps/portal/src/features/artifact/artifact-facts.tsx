import type { Artifact } from '@moorage/contracts';
import { Bytes, Digest, ExactTime, Facts, Panel, SoftBreaks, TimeAgo } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import classes from './config-view.module.css';

/** What the registry knows of an artifact. */
export function ArtifactFacts(props: { artifact: Artifact }) {
  const { t } = useTranslation('artifact');
  const { artifact } = props;
  const annotations = Object.entries(artifact.annotations ?? {});
  return (
    <>
      <Panel title={t('facts.title')}>
        <Facts
          rows={[
            { label: t('facts.digest'), value: <Digest value={artifact.digest} /> },
            { label: t('facts.size'), value: <Bytes value={artifact.size} /> },
            { label: t('facts.pushed'), value: <ExactTime value={artifact.push_time} /> },
            { label: t('facts.pushedBy'), value: artifact.pushed_by },
            { label: t('facts.pulled'), value: <TimeAgo value={artifact.pull_time} /> },
            {
              label: t('facts.mediaType'),
              value: (
                <code className={classes.code}>
                  <SoftBreaks text={artifact.manifest_media_type} />
                </code>
              ),
            },
            {
              label: t('facts.artifactType'),
              value: artifact.artifact_type ? (
                <code className={classes.code}>
                  <SoftBreaks text={artifact.artifact_type} />
                </code>
              ) : null,
            },
          ]}
        />
      </Panel>
      {annotations.length > 0 ? (
        <Panel title={t('facts.annotations')}>
          <Facts rows={annotations.map(([label, value]) => ({ label, value }))} />
        </Panel>
      ) : null}
    </>
  );
}
