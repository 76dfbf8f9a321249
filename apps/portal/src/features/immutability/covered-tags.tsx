import type { CoveredTag } from '@moorage/contracts';
import { type Column, DataTable, Digest, EmptyState, FacetBar } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../../shared/links.tsx';
import { timeColumn } from '../../shared/list/content-columns.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import type { ListSearch } from '../../shared/list/list-search.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { type Coverage, useCoveredTags } from './immutability.queries.ts';

/** The tags that a rule covers as it is written at this moment; null while it is not complete. */
export function CoveredTags(props: { project: string; coverage: Coverage | null; search: ListSearch }) {
  const { t } = useTranslation('immutability');
  const { search } = props;
  const list = useListView(search, '-push_time');
  const columns = useColumns(props.project);
  const { data, error, isFetching, refetch } = useCoveredTags(props.project, props.coverage, {
    ...list.paging,
    q: listQueryText([{ key: 'tag', contains: search.q ?? '' }]),
  });
  if (props.coverage === null) return <EmptyState title={t('covered.title')} text={t('covered.incomplete')} />;
  return (
    <DataTable<CoveredTag>
      label={t('covered.title')}
      settingsKey="covered-tags"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => `${row.repository_name}:${row.tag}`}
      rowName={(row) => `${row.repository_name}:${row.tag}`}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={() => void refetch()} /> : undefined}
      empty={<EmptyState title={t('covered.none')} text={t('covered.noneText')} />}
      toolbar={<FacetBar search={{ label: t('covered.search'), value: search.q ?? '', onChange: list.onSearch }} />}
    />
  );
}

function useColumns(project: string): readonly Column<CoveredTag>[] {
  const { t } = useTranslation('immutability');
  return useMemo(
    () => [
      {
        id: 'tag',
        header: t('column.tag'),
        sort: 'tag',
        priority: 'key',
        cell: (row) => {
          const repository = withoutProject(row.repository_name, project);
          return (
            <Link
              to="/projects/$project/r/$repository/$reference"
              params={{ project, repository, reference: row.tag }}
              search={{}}
            >
              {row.tag}
            </Link>
          );
        },
      },
      {
        id: 'repository',
        header: t('column.repository'),
        cell: (row) => withoutProject(row.repository_name, project),
      },
      { id: 'digest', header: t('column.digest'), priority: 'low', cell: (row) => <Digest value={row.digest} /> },
      timeColumn('pushed', t('column.pushed'), 'push_time', (row) => row.push_time),
    ],
    [t, project],
  );
}

function withoutProject(name: string, project: string): string {
  return name.startsWith(`${project}/`) ? name.slice(project.length + 1) : name;
}
