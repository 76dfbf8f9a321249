import type { TrashItem } from '@moorage/contracts';
import {
  Button,
  DataTable,
  EmptyState,
  type Facet,
  FacetBar,
  IconHistory,
  IconTrash,
  type RowAction,
} from '@moorage/ui';
import type { UseQueryOptions, QueryKey } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListPage } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { useSelection } from '../../shared/list/use-selection.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import type { TrashTask } from './trash-dialogs.tsx';
import type { TrashSearch } from './trash-search.ts';
import { useTrashColumns } from './use-trash-columns.tsx';

const TrashDialogs = lazyPart(() => import('./trash-dialogs.tsx'), 'TrashDialogs');

const REASONS = ['deleted', 'retention', 'replication', 'proxy-cache'] as const;

type Page = ListPage<TrashItem[]>;
export type TrashSource = (query: {
  page: number;
  page_size: number;
  sort: string;
  q: string | undefined;
}) => UseQueryOptions<Page, Error, Page, QueryKey>;

const keyOf = (row: TrashItem) => String(row.id);

interface TrashTableProps {
  /** Whose trash it is: a project's, or that of all. */
  readonly of: string;
  readonly search: TrashSearch;
  readonly source: TrashSource;
  readonly kinds: readonly TrashItem['kind'][];
  /** Shows which project each is of. */
  readonly withProject: boolean;
  readonly mayRestore: (item: TrashItem) => boolean;
  readonly mayPurge: boolean;
}

/** The page of the list the address asks for, and the ways to narrow it. */
function useTrashList(props: TrashTableProps) {
  const { t } = useTranslation('trash');
  const { search } = props;
  const list = useListView(search, '-deleted_at');
  const loaded = useLoad(
    props.source({
      ...list.paging,
      q: listQueryText([
        { key: 'title', contains: search.q ?? '' },
        { key: 'kind', is: search.kind ?? '' },
        { key: 'reason', is: search.reason ?? '' },
      ]),
    }),
  );
  const filtered = search.q !== undefined || search.kind !== undefined || search.reason !== undefined;
  const empty = filtered ? (
    <EmptyState title={t('noMatch')} text={t('noMatchText')} />
  ) : (
    <EmptyState icon={<IconTrash size={28} />} title={t('empty')} text={t('emptyText')} />
  );
  const toolbar = (
    <FacetBar
      search={{ label: t('search'), value: search.q ?? '', onChange: list.onSearch }}
      facets={facetsOf(t, search, props.kinds, list.onFilter)}
    />
  );
  return { ...loaded, list, empty, toolbar };
}

/** Deleted things, with the ways back and out. */
export function TrashTable(props: TrashTableProps) {
  const { t } = useTranslation('trash');
  const { data, error, isFetching, refetch, list, empty, toolbar } = useTrashList(props);
  const columns = useTrashColumns(props.withProject);
  const [task, setTask] = useState<TrashTask | null>(null);
  const { items, selected, onChange, clear } = useSelection<TrashItem>({
    name: `trash:${props.of}`,
    rows: data?.rows,
    keyOf,
    only: (ids) =>
      props.source({
        page: 1,
        page_size: ids.length,
        sort: '-deleted_at',
        q: listQueryText([{ key: 'id', oneOf: ids }]),
      }),
  });
  const actions = useActions(props, setTask);
  const bar = (
    <BulkButtons items={items} mayRestore={items.every(props.mayRestore)} mayPurge={props.mayPurge} onTask={setTask} />
  );
  const done = () => {
    setTask(null);
    clear();
  };
  return (
    <>
      <DataTable<TrashItem>
        label={t('title')}
        settingsKey="trash"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={keyOf}
        rowName={(row) => row.title}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
        empty={empty}
        toolbar={toolbar}
        actions={actions}
        selection={{ selected, onChange, bar }}
      />
      {task ? <TrashDialogs task={task} onClose={() => setTask(null)} onDone={done} /> : null}
    </>
  );
}

function useActions(
  rights: { mayRestore: (item: TrashItem) => boolean; mayPurge: boolean },
  onTask: (task: TrashTask) => void,
): (row: TrashItem) => readonly RowAction[] {
  const { t } = useTranslation('trash');
  return (row) => [
    {
      id: 'restore',
      label: t('restore.action'),
      icon: <IconHistory size={16} aria-hidden />,
      denied: rights.mayRestore(row) ? (row.state === 'kept' ? undefined : t(`state.${row.state}`)) : t('needs'),
      onSelect: () => onTask({ kind: 'restore', item: row }),
    },
    {
      id: 'purge',
      label: t('purge.action'),
      icon: <IconTrash size={16} aria-hidden />,
      danger: true,
      denied: rights.mayPurge ? undefined : t('needs'),
      onSelect: () => onTask({ kind: 'purge', items: [row] }),
    },
  ];
}

function BulkButtons(props: {
  items: readonly TrashItem[];
  mayRestore: boolean;
  mayPurge: boolean;
  onTask: (task: TrashTask) => void;
}) {
  const { t } = useTranslation('trash');
  const { items, onTask } = props;
  const projects = items.some((item) => item.kind === 'project');
  return (
    <>
      <Button
        size="xs"
        variant="default"
        disabled={!props.mayRestore || projects || items.length === 0}
        leftSection={<IconHistory size={15} aria-hidden />}
        onClick={() => onTask({ kind: 'restore-many', items })}
      >
        {t('restore.action')}
      </Button>
      <Button
        size="xs"
        color="red"
        variant="outline"
        disabled={!props.mayPurge || items.length === 0}
        leftSection={<IconTrash size={15} aria-hidden />}
        onClick={() => onTask({ kind: 'purge', items })}
      >
        {t('purge.action')}
      </Button>
    </>
  );
}

function facetsOf(
  t: ReturnType<typeof useTranslation<'trash'>>['t'],
  search: TrashSearch,
  kinds: readonly TrashItem['kind'][],
  onFilter: (patch: Partial<TrashSearch>) => void,
): Facet[] {
  return [
    {
      id: 'kind',
      label: t('column.kind'),
      single: true,
      options: kinds.map((value) => ({ value, label: t(`kind.${value}`) })),
      selected: search.kind === undefined ? [] : [search.kind],
      onChange: ([value]) => onFilter({ kind: value as TrashSearch['kind'] }),
    },
    {
      id: 'reason',
      label: t('column.reason'),
      single: true,
      options: REASONS.map((value) => ({ value, label: t(`reason.${value}`) })),
      selected: search.reason === undefined ? [] : [search.reason],
      onChange: ([value]) => onFilter({ reason: value }),
    },
  ];
}
