import type { Artifact } from '@moorage/contracts';
import { Panel, SegmentedControl, Stack } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ClientCommand, useRegistryPlace } from '../../shared/commands/client-command.tsx';
import { pullCommands } from '../../shared/commands/image-commands.rules.ts';
import type { ArtifactPlace } from './artifact.queries.ts';

type By = 'tag' | 'digest' | 'both';

/** How to pull this very artifact, by tag or pinned by digest, with the client of one's choice. */
export function PullPanel(props: { place: ArtifactPlace; artifact: Artifact; platformDigest: string | undefined }) {
  const { t } = useTranslation('artifact');
  const registry = useRegistryPlace();
  const { place, artifact } = props;
  const tag = tagOf(place, artifact);
  const [wanted, setWanted] = useState<By>('tag');
  const by: By = tag === undefined || props.platformDigest !== undefined ? 'digest' : wanted;
  const digest = props.platformDigest ?? artifact.digest;
  const target = {
    repository: `${place.project}/${place.repository}`,
    tag: by === 'digest' ? undefined : tag,
    digest: by === 'tag' ? undefined : digest,
  };
  const choices: readonly By[] =
    tag === undefined ? ['digest'] : props.platformDigest === undefined ? ['tag', 'digest', 'both'] : ['digest'];
  return (
    <Panel title={t('pull.title')}>
      <Stack gap="sm">
        {choices.length > 1 ? (
          <SegmentedControl
            size="xs"
            aria-label={t('pull.by')}
            value={by}
            onChange={(value) => setWanted(value as By)}
            data={choices.map((choice) => ({ value: choice, label: t(`pull.${choice}`) }))}
          />
        ) : null}
        <ClientCommand label={t('pull.title')} variants={pullCommands(registry, target, artifact.type)} />
      </Stack>
    </Panel>
  );
}

/** The tag of the address, or the newest one of an artifact that was opened by its digest. */
function tagOf(place: ArtifactPlace, artifact: Artifact): string | undefined {
  return place.reference.includes(':') ? artifact.tags?.[0]?.name : place.reference;
}
