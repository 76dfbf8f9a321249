import { type Accessory, listAccessories } from '@moorage/contracts';
import { type Column, DataTable, EmptyState, IconLink, shortDigest, SoftBreaks } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { sizeColumn, timeColumn } from '../../shared/list/content-columns.tsx';
import { useListView } from '../../shared/list/use-list-view.ts';
import { Link } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import type { ArtifactPlace } from './artifact.queries.ts';
import { kindOfAccessory } from './referrer-kind.rules.ts';

/** Signatures, attestations, SBOMs and whatever else belongs to this artifact, by its subject or by cosign's tags. */
export function ReferrersView(props: { place: ArtifactPlace }) {
  const { t } = useTranslation('artifact');
  const { place } = props;
  const search = useSearch({ from: '/app/projects/$project/r/$repository/$reference' });
  const list = useListView(search, '-creation_time');
  const columns = useColumns(place);
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listAccessories, {
      params: { project_name: place.project, repository_name: place.repository, reference: place.reference },
      query: list.paging,
    }),
  );
  return (
    <DataTable<Accessory>
      label={t('tab.referrers')}
      settingsKey="referrers"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => row.digest}
      rowName={(row) => row.digest}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
      empty={<EmptyState icon={<IconLink size={28} />} title={t('referrers.empty')} text={t('referrers.emptyText')} />}
    />
  );
}

function useColumns(place: ArtifactPlace): readonly Column<Accessory>[] {
  const { t } = useTranslation('artifact');
  return useMemo(
    () => [
      {
        id: 'kind',
        header: t('referrers.kind'),
        priority: 'key',
        cell: (row) => (
          <Link to="/projects/$project/r/$repository/$reference" params={{ ...place, reference: row.digest }}>
            {t(`referrers.${kindOfAccessory(row)}`)}
          </Link>
        ),
      },
      {
        id: 'type',
        header: t('referrers.type'),
        sort: 'type',
        cell: (row) => <SoftBreaks text={row.artifact_type ?? row.type} />,
      },
      {
        id: 'digest',
        header: t('facts.digest'),
        width: '9rem',
        priority: 'low',
        cell: (row) => <code>{shortDigest(row.digest)}</code>,
      },
      sizeColumn(t('facts.size')),
      timeColumn('pushed', t('facts.pushed'), 'creation_time', (row) => row.creation_time),
    ],
    [t, place],
  );
}
