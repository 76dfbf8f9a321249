import { getWorkerPools, getWorkers } from '@moorage/contracts';
import { type Column, DataTable, EmptyState, TimeAgo } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';

/** Lists the server gives whole; they are short. */
const WHOLE = { page: 1, pageSize: 100, sort: '' } as const;
const stay = () => undefined;

type Pool = {
  readonly worker_pool_id: string;
  readonly pid: number;
  readonly host: string;
  readonly concurrency: number;
  readonly start_at: string;
  readonly heartbeat_at: string;
};

/** The processes that do the work, and what each does now. */
export function WorkerListPage() {
  const { t } = useTranslation('job-monitor');
  useTitle(t('tab.workers'), t('title'));
  const { data, error, isFetching, refetch } = useLoad(objectQuery(getWorkerPools, {}));
  const busy = useQuery(objectQuery(getWorkers, { params: { pool_id: 'all' } })).data;
  const columns = useMemo<readonly Column<Pool>[]>(
    () => [
      { id: 'host', header: t('column.host'), priority: 'key', cell: (row) => `${row.host} · ${row.pid}` },
      {
        id: 'busy',
        header: t('column.busy'),
        align: 'end',
        cell: (row) =>
          t('workers.busy', {
            busy: busy?.filter((worker) => worker.pool_id === row.worker_pool_id).length ?? 0,
            all: row.concurrency,
          }),
      },
      { id: 'seen', header: t('column.seen'), cell: (row) => <TimeAgo value={row.heartbeat_at} /> },
      { id: 'since', header: t('column.since'), priority: 'low', cell: (row) => <TimeAgo value={row.start_at} /> },
    ],
    [t, busy],
  );
  return (
    <DataTable<Pool>
      label={t('tab.workers')}
      settingsKey="workers"
      columns={columns}
      rows={data as readonly Pool[] | undefined}
      total={data?.length}
      rowKey={(row) => row.worker_pool_id}
      rowName={(row) => `${row.host} ${row.pid}`}
      view={WHOLE}
      onView={stay}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
      empty={<EmptyState title={t('workers.empty')} text={t('workers.emptyText')} />}
    />
  );
}
