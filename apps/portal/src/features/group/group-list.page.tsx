import { GROUP_TYPES, listUserGroups, type UserGroup } from '@moorage/contracts';
import {
  Button,
  type Column,
  Count,
  DataTable,
  DeniedState,
  EmptyState,
  type Facet,
  FacetBar,
  IconPencil,
  IconPlus,
  IconTrash,
  IconUsers,
  PageHeader,
  type RowAction,
  useShortcut,
} from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { Link } from '../../shared/links.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import type { GroupTask } from './group-dialogs.tsx';
import { GROUP_KINDS, kindOfGroup } from './group-kind.rules.ts';

const GroupDialogs = lazyPart(() => import('./group-dialogs.tsx'), 'GroupDialogs');

/** The groups that give people their roles. */
export function GroupListPage() {
  const { t } = useTranslation('group');
  const [task, setTask] = useState<GroupTask | null>(null);
  const admin = useIsAdmin();
  useTitle(t('title'));
  useShortcut('KeyC', () => setTask({ kind: 'create' }));
  if (!admin) return <DeniedState text={t('denied')} />;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setTask({ kind: 'create' })}>
            {t('create.button')}
          </Button>
        }
      />
      <GroupTable onTask={setTask} />
      {task === null ? null : (
        <GroupDialogs task={task} onClose={() => setTask(null)} onDeleted={() => setTask(null)} />
      )}
    </>
  );
}

function GroupTable(props: { onTask: (task: GroupTask) => void }) {
  const { t } = useTranslation('group');
  const search = useSearch({ from: '/app/signed-in/groups' });
  const list = useListView(search, 'group_name');
  const columns = useColumns();
  const kind = GROUP_KINDS.find((entry) => entry === search.kind);
  const { data, error, isFetching, refetch } = useQuery(
    listQuery(listUserGroups, {
      query: {
        ...list.paging,
        q: listQueryText([
          { key: 'group_name', contains: search.q ?? '' },
          { key: 'group_type', is: kind === undefined ? '' : String(GROUP_TYPES[kind]) },
        ]),
      },
    }),
  );
  const facet: Facet = {
    id: 'kind',
    label: t('column.kind'),
    single: true,
    options: GROUP_KINDS.map((entry) => ({ value: entry, label: t(`kind.${entry}.name`) })),
    selected: kind === undefined ? [] : [kind],
    onChange: ([value]) => list.onFilter({ kind: value }),
  };
  const filtered = search.q !== undefined || kind !== undefined;
  return (
    <DataTable<UserGroup>
      label={t('title')}
      settingsKey="groups"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => row.group_name}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={() => void refetch()} denied={t('denied')} /> : undefined}
      empty={
        filtered ? (
          <EmptyState title={t('noMatch')} text={t('noMatchText')} />
        ) : (
          <EmptyState icon={<IconUsers size={28} />} title={t('empty')} text={t('emptyText')} />
        )
      }
      toolbar={
        <FacetBar search={{ label: t('search'), value: search.q ?? '', onChange: list.onSearch }} facets={[facet]} />
      }
      actions={(row) => groupActions(row, props.onTask, t)}
    />
  );
}

function groupActions(row: UserGroup, onTask: (task: GroupTask) => void, t: TFunction<'group'>): readonly RowAction[] {
  return [
    {
      id: 'rename',
      label: t('rename.action'),
      icon: <IconPencil size={16} aria-hidden />,
      onSelect: () => onTask({ kind: 'rename', group: row }),
    },
    {
      id: 'delete',
      label: t('delete.action'),
      icon: <IconTrash size={16} aria-hidden />,
      danger: true,
      onSelect: () => onTask({ kind: 'delete', group: row }),
    },
  ];
}

function useColumns(): readonly Column<UserGroup>[] {
  const { t } = useTranslation('group');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        sort: 'group_name',
        priority: 'key',
        cell: (row) => (
          <Link to="/groups/$groupId" params={{ groupId: String(row.id) }}>
            {row.group_name}
          </Link>
        ),
      },
      {
        id: 'kind',
        header: t('column.kind'),
        sort: 'group_type',
        width: '14rem',
        cell: (row) => {
          const kind = kindOfGroup(row.group_type);
          return kind === null ? row.group_type : t(`kind.${kind}.name`);
        },
      },
      { id: 'dn', header: t('column.dn'), priority: 'low', cell: (row) => row.ldap_group_dn },
      {
        id: 'members',
        header: t('column.members'),
        align: 'end',
        width: '8rem',
        cell: (row) => (row.member_count === undefined ? null : <Count value={row.member_count} />),
      },
    ],
    [t],
  );
}
