import { listProjectRemovalRuns, type RemovalRun } from '@moorage/contracts';
import { type Column, DataTable, EmptyState, IconTrash, useUi } from '@moorage/ui';
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
import { placeOfRepository } from '../../shared/repository-name.rules.ts';

/** Deletions that went on, or go on, without a page; those under way are followed live. */
export function RemovalRunTable(props: { project: string }) {
  const { t } = useTranslation('trash');
  const search = useSearch({ from: '/app/projects/$project/trash' });
  const list = useListView(search, '-id');
  const columns = useColumns();
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listProjectRemovalRuns, { params: { project_name_or_id: props.project }, query: list.paging }),
  );
  useRunLive(data?.rows.find((row) => isOpen(row.status))?.id, 'removal');
  return (
    <DataTable<RemovalRun>
      label={t('view.removals')}
      settingsKey="removal-runs"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => t('removals.run', { id: row.id })}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
      empty={<EmptyState icon={<IconTrash size={28} />} title={t('removals.empty')} text={t('removals.emptyText')} />}
    />
  );
}

function useColumns(): readonly Column<RemovalRun>[] {
  const { t } = useTranslation('trash');
  const ui = useUi();
  return useMemo(
    () => [
      {
        id: 'id',
        header: t('removals.column'),
        sort: 'id',
        sortsDown: true,
        priority: 'key',
        width: '9rem',
        cell: (row) => (
          <Link
            to="/projects/$project/r/$repository"
            params={placeOfRepository(row.repository_name)}
            search={{ removal: row.id }}
          >
            {t('removals.run', { id: row.id })}
          </Link>
        ),
      },
      { id: 'repository', header: t('kind.repository'), cell: (row) => row.repository_name },
      { id: 'mode', header: t('removals.what'), cell: (row) => t(`removals.${row.mode}`) },
      { id: 'status', header: t('removals.state'), cell: (row) => <JobStateBadge status={row.status} /> },
      {
        id: 'removed',
        header: t('removals.removed'),
        align: 'end',
        cell: (row) => t('removals.of', { done: row.removed, total: row.total }),
      },
      { id: 'kept', header: t('removals.kept'), align: 'end', cell: (row) => ui.number(row.kept) },
      timeColumn('created', t('removals.begun'), 'creation_time', (row) => row.creation_time),
      {
        id: 'duration',
        header: t('removals.took'),
        priority: 'low',
        cell: (row) => <Duration start={row.start_time} end={row.end_time} />,
      },
      { id: 'by', header: t('removals.by'), priority: 'low', cell: (row) => row.created_by },
    ],
    [t, ui],
  );
}
