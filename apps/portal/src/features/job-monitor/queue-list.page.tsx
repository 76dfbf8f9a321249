import { listJobQueues } from '@moorage/contracts';
import { Badge, type Column, DataTable, EmptyState } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useQueueAct } from './use-queue-act.ts';
import { useWorkName } from './work-name.ts';

/** Lists the server gives whole; they are short. */
const WHOLE = { page: 1, pageSize: 100, sort: '' } as const;
const stay = () => undefined;

type Queue = { readonly job_type: string; readonly count: number; readonly latency: number; readonly paused: boolean };

/** What waits of each kind of work. */
export function QueueListPage() {
  const { t } = useTranslation('job-monitor');
  const nameOf = useWorkName();
  const columns = useQueueColumns();
  const act = useQueueAct();
  useTitle(t('tab.queues'), t('title'));
  const { data, error, isFetching, refetch } = useLoad(objectQuery(listJobQueues, {}));
  return (
    <DataTable<Queue>
      label={t('tab.queues')}
      settingsKey="queues"
      columns={columns}
      rows={data}
      total={data?.length}
      rowKey={(row) => row.job_type}
      rowName={(row) => nameOf(row.job_type)}
      view={WHOLE}
      onView={stay}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
      empty={<EmptyState title={t('queues.empty')} text={t('queues.emptyText')} />}
      actions={(row) => [
        row.paused
          ? { id: 'resume', label: t('queues.resume'), onSelect: () => act(row.job_type, 'resume') }
          : { id: 'pause', label: t('queues.pause'), onSelect: () => act(row.job_type, 'pause') },
        {
          id: 'stop',
          label: t('queues.stop'),
          danger: true,
          denied: row.count === 0 ? t('queues.nothing') : undefined,
          onSelect: () => act(row.job_type, 'stop'),
        },
      ]}
    />
  );
}

function useQueueColumns(): readonly Column<Queue>[] {
  const { t } = useTranslation('job-monitor');
  const nameOf = useWorkName();
  return useMemo(
    () => [
      { id: 'work', header: t('column.work'), priority: 'key', cell: (row) => nameOf(row.job_type) },
      { id: 'count', header: t('column.waiting'), align: 'end', cell: (row) => row.count },
      { id: 'latency', header: t('column.latency'), align: 'end', cell: (row) => t('seconds', { count: row.latency }) },
      {
        id: 'paused',
        header: t('column.status'),
        cell: (row) => (
          <Badge color={row.paused ? 'yellow' : 'green'}>{row.paused ? t('queues.paused') : t('queues.open')}</Badge>
        ),
      },
    ],
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the names follow the translation
    [t],
  );
}
