import { getArtifactPulls, getArtifactStorage } from '@moorage/contracts';
import { Bytes, Count, DayBars, Metric, Metrics, Panel } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { type ArtifactPlace, paramsOfArtifact } from './artifact.queries.ts';

const DAYS = 90;

/** How often it is pulled, and which of its bytes are its own. */
export function UsagePanels(props: { place: ArtifactPlace }) {
  const { t } = useTranslation('artifact');
  const params = paramsOfArtifact(props.place);
  const { data: pulls } = useLoad(objectQuery(getArtifactPulls, { params, query: { days: DAYS } }));
  const { data: storage } = useLoad(objectQuery(getArtifactStorage, { params }));
  return (
    <Panel title={t('usage.title')}>
      {storage ? (
        <Metrics>
          <Metric label={t('usage.pulls', { count: DAYS })} value={<Count value={pulls?.total ?? 0} />} />
          <Metric
            label={t('usage.unique')}
            value={<Bytes value={storage.unique_bytes} />}
            hint={t('usage.uniqueHint')}
          />
          <Metric
            label={t('usage.shared')}
            value={<Bytes value={storage.shared_bytes} />}
            hint={t('usage.sharedHint')}
          />
        </Metrics>
      ) : null}
      {pulls && pulls.total > 0 ? (
        <DayBars
          label={t('usage.chart', { count: pulls.total, days: DAYS })}
          days={pulls.days.map(({ day, pulls: value }) => ({ day, value }))}
          span={DAYS}
        />
      ) : null}
    </Panel>
  );
}
