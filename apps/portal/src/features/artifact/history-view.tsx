import { ERRORS } from '@moorage/contracts';
import { EmptyState, ExactTime, IconHistory, Panel, TextSkeleton } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { buildStepsOf } from './addition-content.rules.ts';
import { additionQuery, type ArtifactPlace } from './artifact.queries.ts';
import { layerCommand } from './layer-command.rules.ts';
import classes from './layers-view.module.css';

/** Every step of an image's build, first one first: those that made a layer and those that only set something. */
export function HistoryView(props: { place: ArtifactPlace }) {
  const { t } = useTranslation('artifact');
  const { data, error, refetch } = useLoad(additionQuery(props.place, 'build_history'));
  if (isStatus(error, ERRORS.NOT_FOUND.status)) return <NoHistory />;
  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (data === undefined) return <TextSkeleton lines={8} />;
  const steps = buildStepsOf(data);
  if (steps.length === 0) return <NoHistory />;
  return (
    <Panel title={t('history.title', { count: steps.length })} flush>
      <ol className={classes.list}>
        {steps.map((step, index) => {
          const { keyword, text } = layerCommand(step.command);
          return (
            <li key={index} className={classes.step}>
              <span className={classes.number} aria-hidden>
                {index + 1}
              </span>
              <div className={classes.command}>
                {text === '' ? (
                  <span className={classes.unknown}>{step.comment || t('layers.unknown')}</span>
                ) : (
                  <code>
                    {keyword ? <b>{keyword} </b> : null}
                    {text}
                  </code>
                )}
                {step.empty ? <span className={classes.unknown}>{t('history.noLayer')}</span> : null}
              </div>
              <span className={classes.when}>
                <ExactTime value={step.created} never="–" />
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

function NoHistory() {
  const { t } = useTranslation('artifact');
  return (
    <Panel>
      <EmptyState icon={<IconHistory size={28} />} title={t('history.empty')} text={t('history.emptyText')} />
    </Panel>
  );
}
