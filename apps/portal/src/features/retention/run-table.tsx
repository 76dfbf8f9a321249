import { listRetentionRuns, type RetentionRun } from '@moorage/contracts';
import { type Column, DataTable, EmptyState } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { isOpen } from '../../shared/job/job-state.rules.ts';
import { Duration, JobStateBadge } from '../../shared/job/job-state.tsx';
import { useRunLive } from '../../shared/job/use-run-live.ts';
import { Link } from '../../shared/links.tsx';
import { timeColumn } from '../../shared/list/content-columns.tsx';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useProject } from '../../shared/project/project.queries.ts';

/** The runs of a project's retention; the one that goes on is followed live. */
export function RunTable() {
  const { t } = useTranslation('retention');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/policies/retention' });
  const list = useListView(search, '-id');
  const columns = useRunColumns(project.name);
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listRetentionRuns, { params: { project_name_or_id: project.name }, query: list.paging }),
  );
  useRunLive(data?.rows.find((row) => isOpen(row.status))?.id, 'Retention');
  return (
    <DataTable<RetentionRun>
      label={t('runs.title')}
      settingsKey="retention-runs"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => t('runs.run', { id: row.id })}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
      empty={<EmptyState title={t('runs.empty')} text={t('runs.emptyText')} />}
    />
  );
}

function useRunColumns(project: string): readonly Column<RetentionRun>[] {
  const { t } = useTranslation('retention');
  return useMemo(
    () => [
      {
        id: 'id',
        header: t('runs.column'),
        sort: 'id',
        sortsDown: true,
        priority: 'key',
        cell: (row) => (
          <Link
            to="/projects/$project/policies/retention/runs/$runId"
            params={{ project, runId: String(row.id) }}
            search={{}}
          >
            {t('runs.run', { id: row.id })}
          </Link>
        ),
      },
      { id: 'kind', header: t('runs.kind'), cell: (row) => (row.dry_run ? t('run.dry') : t('run.real')) },
      { id: 'status', header: t('runs.status'), cell: (row) => <JobStateBadge status={row.status} /> },
      {
        id: 'removed',
        header: t('total.tags'),
        align: 'end',
        cell: (row) => (row.dry_run ? row.totals?.tags_deleted : row.removed?.tags) ?? '–',
      },
      { ...timeColumn<RetentionRun>('created', t('runs.created'), '', (row) => row.creation_time), sort: undefined },
      {
        id: 'duration',
        header: t('runs.duration'),
        priority: 'low',
        cell: (row) => <Duration start={row.start_time} end={row.end_time} />,
      },
      { id: 'by', header: t('runs.by'), priority: 'low', cell: (row) => row.created_by },
    ],
    [t, project],
  );
}
