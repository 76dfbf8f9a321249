import { ERRORS, type ImageConfig } from '@moorage/contracts';
import { Digest, ExactTime, Facts, Panel, TextSkeleton } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { platformText } from '../../shared/platform.rules.ts';
import { type ArtifactPlace, configQuery } from './artifact.queries.ts';
import classes from './config-view.module.css';
import { NoImage } from './layers-view.tsx';

/** How the image runs: entry point, user, ports, environment, labels. */
export function ConfigView(props: { place: ArtifactPlace }) {
  const { t } = useTranslation('artifact');
  const { data, error, refetch } = useLoad(configQuery(props.place));
  if (isStatus(error, ERRORS.PRECONDITION.status)) return <NoImage />;
  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (data === undefined) return <TextSkeleton lines={8} />;
  return (
    <>
      <Running config={data} />
      <Pairs
        title={t('config.environment')}
        empty={t('config.noEnvironment')}
        rows={data.env.map((entry) => {
          const equals = entry.indexOf('=');
          return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
        })}
      />
      <Pairs title={t('config.labels')} empty={t('config.noLabels')} rows={Object.entries(data.labels)} />
    </>
  );
}

function Running(props: { config: ImageConfig }) {
  const { t } = useTranslation('artifact');
  const { config } = props;
  const words = (list: readonly string[]) =>
    list.length > 0 ? <code className={classes.code}>{list.map(quoted).join(' ')}</code> : null;
  return (
    <Panel title={t('config.running')}>
      <Facts
        rows={[
          { label: t('platform.one'), value: platformText(config.platform) },
          { label: t('config.entrypoint'), value: words(config.entrypoint) },
          { label: t('config.cmd'), value: words(config.cmd) },
          { label: t('config.user'), value: config.user === '' ? t('config.root') : config.user },
          {
            label: t('config.workingDir'),
            value: config.working_dir === '' ? null : <code className={classes.code}>{config.working_dir}</code>,
          },
          { label: t('config.ports'), value: config.exposed_ports.join(', ') },
          { label: t('config.volumes'), value: config.volumes.join(', ') },
          { label: t('config.stopSignal'), value: config.stop_signal },
          { label: t('config.author'), value: config.author },
          { label: t('facts.created'), value: config.created ? <ExactTime value={config.created} /> : null },
          { label: t('config.digest'), value: <Digest value={config.digest} /> },
        ]}
      />
    </Panel>
  );
}

function Pairs(props: { title: string; empty: string; rows: readonly (readonly string[])[] }) {
  return (
    <Panel title={props.title}>
      {props.rows.length === 0 ? (
        <span className={classes.empty}>{props.empty}</span>
      ) : (
        <dl className={classes.pairs}>
          {props.rows.map(([name = '', value = '']) => (
            <div key={name} className={classes.pair}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

/** An argument with blanks is quoted, so that one sees where it ends. */
function quoted(word: string): string {
  return /\s|^$/.test(word) ? JSON.stringify(word) : word;
}
