import { listRepositories, type Repository } from '@moorage/contracts';
import { Button, DataTable, EmptyState, FacetBar, IconBox, IconTrash, type RowAction } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery } from '../../shared/api/query.ts';
import { PushGuide } from '../../shared/commands/push-guide.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { useSelection } from '../../shared/list/use-selection.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';
import { useRepositoryColumns } from './use-repository-columns.tsx';

const RepositoryDeleteDialog = lazyPart(() => import('./repository-delete-dialog.tsx'), 'RepositoryDeleteDialog');

const keyOf = (row: Repository) => placeOfRepository(row.name).repository;

/** The ticked repositories, over the pages of the list and a reload. */
function useRepositorySelection(project: string, rows: readonly Repository[] | undefined) {
  return useSelection<Repository>({
    name: `repositories:${project}`,
    rows,
    keyOf,
    only: (names) =>
      listQuery(listRepositories, {
        params: { project_name: project },
        query: {
          page: 1,
          page_size: names.length,
          q: listQueryText([{ key: 'name', oneOf: names.map((name) => `${project}/${name}`) }]),
        },
      }),
  });
}

/** What is in a project. */
export function RepositoryListPage() {
  const { t } = useTranslation('repository');
  const project = useProject();
  const { can } = useProjectAccess(project.project_id);
  const search = useSearch({ from: '/app/projects/$project/repositories' });
  const list = useListView(search, '-last_push_time');
  const columns = useRepositoryColumns();
  const [doomed, setDoomed] = useState<readonly string[]>([]);
  useTitle(t('list.title'), project.name);

  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listRepositories, {
      params: { project_name: project.name },
      query: { ...list.paging, q: listQueryText([{ key: 'name', contains: search.q ?? '' }]) },
    }),
  );
  const selection = useRepositorySelection(project.name, data?.rows);
  const mayDelete = can('repository:delete');
  const actions = (row: Repository): RowAction[] => [
    {
      id: 'delete',
      label: t('delete.action'),
      icon: <IconTrash size={16} aria-hidden />,
      danger: true,
      onSelect: () => setDoomed([keyOf(row)]),
    },
  ];
  return (
    <>
      <DataTable<Repository>
        label={t('list.title')}
        settingsKey="repositories"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={keyOf}
        rowName={(row) => row.name}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
        empty={
          <NoRepositories project={project.name} mayPush={can('repository:push')} filtered={search.q !== undefined} />
        }
        toolbar={<FacetBar search={{ label: t('list.search'), value: search.q ?? '', onChange: list.onSearch }} />}
        {...(mayDelete
          ? {
              selection: {
                selected: selection.selected,
                onChange: selection.onChange,
                bar: <BulkButtons onDelete={() => setDoomed(selection.selected)} />,
              },
              actions,
            }
          : {})}
      />
      {doomed.length > 0 ? (
        <RepositoryDeleteDialog
          project={project.name}
          names={doomed}
          rows={[...selection.items, ...(data?.rows ?? [])]}
          onClose={() => setDoomed([])}
          onDone={() => {
            setDoomed([]);
            selection.clear();
          }}
        />
      ) : null}
    </>
  );
}

function BulkButtons(props: { onDelete: () => void }) {
  const { t } = useTranslation('repository');
  return (
    <Button
      size="xs"
      color="red"
      variant="outline"
      leftSection={<IconTrash size={15} aria-hidden />}
      onClick={props.onDelete}
    >
      {t('delete.action')}
    </Button>
  );
}

function NoRepositories(props: { project: string; mayPush: boolean; filtered: boolean }) {
  const { t } = useTranslation('repository');
  if (props.filtered) return <EmptyState title={t('list.noMatch')} text={t('list.noMatchText')} />;
  return (
    <EmptyState icon={<IconBox size={28} />} title={t('list.empty')} text={t('list.emptyText')} wide={props.mayPush}>
      {props.mayPush ? <PushGuide project={props.project} /> : null}
    </EmptyState>
  );
}
