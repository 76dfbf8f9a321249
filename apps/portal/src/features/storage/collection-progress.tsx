import { listExecutionTasks } from '@moorage/contracts';
import { Bytes, Count, Metric, Metrics, Stack, Text } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { RunProgress } from '../../shared/job/run-progress.tsx';
import { tallyOf } from './collection.rules.ts';

/** One that begins and a part for each of ten workers. */
const MOST_TASKS = 15;

/** How far a collection under way is and what it has removed so far; told by its tasks, live. */
export function CollectionProgress(props: { id: number; dryRun: boolean }) {
  const { t } = useTranslation('storage');
  const { data } = useQuery(
    listQuery(listExecutionTasks, { params: { execution_id: props.id }, query: { page_size: MOST_TASKS, sort: 'id' } }),
  );
  const tally = tallyOf(data?.rows ?? []);
  return (
    <Stack gap="sm">
      <RunProgress label={t('progress.label')} share={tally.share} />
      {tally.share === null ? (
        <Text size="sm" c="dimmed">
          {t('progress.waits')}
        </Text>
      ) : null}
      <Metrics>
        <Metric
          label={props.dryRun ? t('progress.wouldSoFar') : t('progress.soFar')}
          value={<Bytes value={tally.bytes} />}
        />
        <Metric label={t('column.blobs')} value={<Count value={tally.blobs} />} />
        <Metric label={t('progress.links')} value={<Count value={tally.links} />} />
        <Metric label={t('result.scanned')} value={<Count value={tally.scanned} />} />
      </Metrics>
    </Stack>
  );
}
