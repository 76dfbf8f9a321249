import { getGCHistory } from '@moorage/contracts';
import { Bytes, type Column, Count, DataTable, EmptyState, IconDatabase } from '@moorage/ui';
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
import { type Collection, collectionFacts } from './collection.rules.ts';

/** Earlier collections and what they freed; the one that goes on is followed live. */
export function CollectionTable() {
  const { t } = useTranslation('storage');
  const search = useSearch({ from: '/app/signed-in/storage/' });
  const list = useListView(search, '-id');
  const columns = useColumns();
  const { data, error, isFetching, refetch } = useLoad(listQuery(getGCHistory, { query: list.paging }));
  useRunLive(data?.rows.find((row) => isOpen(row.job_status ?? ''))?.id, 'gc');
  return (
    <DataTable<Collection>
      label={t('history')}
      settingsKey="collections"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => t('collection', { id: row.id })}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
      empty={<EmptyState icon={<IconDatabase size={28} />} title={t('none')} text={t('noneText')} />}
    />
  );
}

function useColumns(): readonly Column<Collection>[] {
  const { t } = useTranslation('storage');
  return useMemo(
    () => [
      {
        id: 'id',
        header: t('column.collection'),
        sort: 'id',
        sortsDown: true,
        priority: 'key',
        cell: (row) => (
          <Link to="/storage/$gcId" params={{ gcId: String(row.id) }}>
            {t('collection', { id: row.id })}
          </Link>
        ),
      },
      {
        id: 'kind',
        header: t('column.kind'),
        cell: (row) => (collectionFacts(row).dryRun ? t('collect.dry') : t('column.real')),
      },
      {
        id: 'status',
        header: t('column.status'),
        cell: (row) => <JobStateBadge status={row.job_status ?? ''} />,
      },
      {
        id: 'freed',
        header: t('column.freed'),
        align: 'end',
        cell: (row) => {
          const { freed } = collectionFacts(row);
          return freed === null ? '–' : <Bytes value={freed} />;
        },
      },
      {
        id: 'blobs',
        header: t('column.blobs'),
        align: 'end',
        priority: 'low',
        cell: (row) => {
          const { blobs } = collectionFacts(row);
          return blobs === null ? '–' : <Count value={blobs} />;
        },
      },
      timeColumn('created', t('column.started'), 'creation_time', (row) => row.creation_time),
      {
        id: 'duration',
        header: t('column.duration'),
        priority: 'low',
        cell: (row) => (
          <Duration start={row.creation_time} end={isOpen(row.job_status ?? '') ? undefined : row.update_time} />
        ),
      },
    ],
    [t],
  );
}
