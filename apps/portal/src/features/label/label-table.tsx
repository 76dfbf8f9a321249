import { type Label, listLabels } from '@moorage/contracts';
import {
  Button,
  type Column,
  DataTable,
  EmptyState,
  FacetBar,
  IconPencil,
  IconPlus,
  IconTags,
  IconTrash,
  useShortcut,
} from '@moorage/ui';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import type { ListSearch } from '../../shared/list/list-search.ts';
import { timeColumn } from '../../shared/list/content-columns.tsx';
import { useListView } from '../../shared/list/use-list-view.ts';
import { LabelChip } from '../../shared/marks/label-chip.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import type { LabelScope } from './label.queries.ts';

const LabelDialog = lazyPart(() => import('./label-dialog.tsx'), 'LabelDialog');
const LabelDeleteDialog = lazyPart(() => import('./label-delete-dialog.tsx'), 'LabelDeleteDialog');

/** What a list of labels keeps in the address beside the list itself. */
export interface LabelSearch extends ListSearch {
  readonly create?: true | undefined;
}

interface Task {
  readonly kind: 'edit' | 'delete';
  readonly label: Label;
}

/** The labels of a project, or the global ones. `why` says what is missing to change them; null for who may. */
export function LabelTable(props: { scope: LabelScope; search: LabelSearch; why: string | null }) {
  const { t } = useTranslation('label');
  const { scope, search } = props;
  const list = useListView<LabelSearch>(search, 'name');
  const columns = useColumns();
  const [task, setTask] = useState<Task | null>(null);
  const mayChange = props.why === null;
  const create = () => list.onFilter({ create: true });
  useShortcut('KeyC', create, mayChange);

  const place = scope === null ? { scope: 'g' as const } : { scope: 'p' as const, project_id: scope.projectId };
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listLabels, { query: { ...list.paging, ...place, ...(search.q ? { name: search.q } : {}) } }),
  );
  const button = mayChange ? (
    <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={create}>
      {t('create')}
    </Button>
  ) : null;
  return (
    <>
      <DataTable<Label>
        label={scope === null ? t('global.title') : t('title')}
        settingsKey="labels"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.id)}
        rowName={(row) => row.name}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
        empty={<NoLabels filtered={search.q !== undefined}>{button}</NoLabels>}
        toolbar={
          <FacetBar search={{ label: t('search'), value: search.q ?? '', onChange: list.onSearch }}>{button}</FacetBar>
        }
        actions={(row) => [
          {
            id: 'edit',
            label: t('edit.action'),
            icon: <IconPencil size={16} aria-hidden />,
            denied: props.why ?? undefined,
            onSelect: () => setTask({ kind: 'edit', label: row }),
          },
          {
            id: 'delete',
            label: t('delete.action'),
            icon: <IconTrash size={16} aria-hidden />,
            danger: true,
            denied: props.why ?? undefined,
            onSelect: () => setTask({ kind: 'delete', label: row }),
          },
        ]}
      />
      {search.create === true && mayChange ? (
        <LabelDialog scope={scope} saved={null} onClose={() => list.onFilter({ create: undefined })} />
      ) : null}
      {task?.kind === 'edit' ? <LabelDialog scope={scope} saved={task.label} onClose={() => setTask(null)} /> : null}
      {task?.kind === 'delete' ? <LabelDeleteDialog label={task.label} onClose={() => setTask(null)} /> : null}
    </>
  );
}

function NoLabels(props: { filtered: boolean; children: ReactNode }) {
  const { t } = useTranslation('label');
  if (props.filtered) return <EmptyState title={t('noMatch')} text={t('noMatchText')} />;
  return (
    <EmptyState icon={<IconTags size={28} />} title={t('empty')} text={t('emptyText')}>
      {props.children}
    </EmptyState>
  );
}

function useColumns(): readonly Column<Label>[] {
  const { t } = useTranslation('label');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        sort: 'name',
        priority: 'key',
        width: '18rem',
        cell: (row) => <LabelChip label={row} />,
      },
      { id: 'description', header: t('column.description'), cell: (row) => row.description },
      timeColumn('created', t('column.created'), 'creation_time', (row) => row.creation_time),
    ],
    [t],
  );
}
