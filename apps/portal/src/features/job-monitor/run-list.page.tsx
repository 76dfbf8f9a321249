import { type Execution, listExecutions } from '@moorage/contracts';
import { type Column, DataTable, EmptyState, FacetBar, IconActivity, toast } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { isOpen, JOB_STATES } from '../../shared/job/job-state.rules.ts';
import { Duration, JobStateBadge } from '../../shared/job/job-state.tsx';
import { Link } from '../../shared/links.tsx';
import { timeColumn } from '../../shared/list/content-columns.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useRepeatRun, useStopRun } from './job.queries.ts';
import { useWorkName, WORK_KINDS } from './work-name.ts';

/** What the system has done, does and is about to do. */
export function RunListPage() {
  const { t } = useTranslation('job-monitor');
  const job = useTranslation('job').t;
  const search = useSearch({ from: '/app/signed-in/jobs/' });
  const list = useListView(search, '-id');
  const columns = useColumns();
  const nameOf = useWorkName();
  const actions = useActions();
  useTitle(t('title'));
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listExecutions, {
      query: {
        ...list.paging,
        q: listQueryText([
          { key: 'vendor_type', is: search.work ?? '' },
          { key: 'status', is: search.status ?? '' },
        ]),
      },
    }),
  );
  return (
    <DataTable<Execution>
      label={t('tab.runs')}
      settingsKey="runs"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => t('run', { id: row.id })}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
      empty={<EmptyState icon={<IconActivity size={28} />} title={t('runs.empty')} text={t('runs.emptyText')} />}
      toolbar={
        <FacetBar
          facets={[
            {
              id: 'work',
              label: t('column.work'),
              single: true,
              options: WORK_KINDS.map((work) => ({ value: work, label: nameOf(work) })),
              selected: search.work === undefined ? [] : [search.work],
              onChange: ([work]) => list.onFilter({ work }),
            },
            {
              id: 'status',
              label: t('column.status'),
              single: true,
              options: JOB_STATES.map((state) => ({ value: state, label: job(`state.${state}`) })),
              selected: search.status === undefined ? [] : [search.status],
              onChange: ([status]) => list.onFilter({ status }),
            },
          ]}
        />
      }
      actions={actions}
    />
  );
}

function useActions() {
  const { t } = useTranslation('job-monitor');
  const problem = useProblem();
  const stop = useStopRun();
  const repeat = useRepeatRun();
  const outcome = (message: string) => ({
    onSuccess: () => toast({ tone: 'success' as const, message }),
    onError: (error: unknown) =>
      toast({ tone: 'problem' as const, title: t('actionFailed'), message: problem.text(error) }),
  });
  return (row: Execution) => [
    {
      id: 'stop',
      label: t('stop.action'),
      denied: isOpen(row.status) ? undefined : t('stop.ended'),
      onSelect: () => stop.mutate(row, outcome(t('stop.done', { id: row.id }))),
    },
    {
      id: 'repeat',
      label: t('repeat.action'),
      denied: isOpen(row.status) ? t('repeat.open') : undefined,
      onSelect: () => repeat.mutate(row, outcome(t('repeat.done'))),
    },
  ];
}

function useColumns(): readonly Column<Execution>[] {
  const { t } = useTranslation('job-monitor');
  const nameOf = useWorkName();
  return useMemo(
    () => [
      {
        id: 'id',
        header: t('column.run'),
        sort: 'id',
        sortsDown: true,
        priority: 'key',
        width: '7rem',
        cell: (row) => (
          <Link to="/jobs/$executionId" params={{ executionId: String(row.id) }} search={{}}>
            {t('run', { id: row.id })}
          </Link>
        ),
      },
      { id: 'work', header: t('column.work'), sort: 'vendor_type', cell: (row) => nameOf(row.vendor_type) },
      {
        id: 'status',
        header: t('column.status'),
        sort: 'status',
        cell: (row) => <JobStateBadge status={row.status} />,
      },
      { id: 'tasks', header: t('column.tasks'), priority: 'low', cell: (row) => <TaskCounts run={row} /> },
      timeColumn('created', t('column.created'), 'creation_time', (row) => row.creation_time),
      {
        id: 'duration',
        header: t('column.duration'),
        priority: 'low',
        cell: (row) => <Duration start={row.start_time} end={row.end_time} />,
      },
      { id: 'by', header: t('column.by'), priority: 'low', cell: (row) => row.created_by },
    ],
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the names follow the translation
    [t],
  );
}

function TaskCounts(props: { run: Execution }) {
  const { t } = useTranslation('job-monitor');
  const { task_count, success_task_count, error_task_count } = props.run.metrics;
  const done = t('tasks.done', { done: success_task_count, all: task_count });
  return error_task_count > 0 ? `${done} · ${t('tasks.failed', { count: error_task_count })}` : done;
}
