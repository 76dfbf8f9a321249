import { type ResponseOf, listUserGroupMembers, type UserGroup } from '@moorage/contracts';
import {
  Button,
  type Column,
  DataTable,
  EmptyState,
  FacetBar,
  IconUserPlus,
  IconUsers,
  IconX,
  offerUndo,
  TimeAgo,
  toast,
} from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { kindOfGroup } from './group-kind.rules.ts';
import { useAddGroupMember, useRemoveGroupMember } from './group.queries.ts';

const GroupMemberDialog = lazyPart(() => import('./group-member-dialog.tsx'), 'GroupMemberDialog');

type GroupMember = ResponseOf<typeof listUserGroupMembers>[number];

/** Who belongs to a group. Only groups managed here are changed here; the others follow their source. */
export function GroupMembersView(props: { group: UserGroup }) {
  const { t } = useTranslation('group');
  const { group } = props;
  const search = useSearch({ from: '/app/signed-in/groups/$groupId' });
  const list = useListView(search, 'username');
  const managed = kindOfGroup(group.group_type) === 'managed';
  const columns = useColumns(managed);
  const [adding, setAdding] = useState(false);
  const remove = useRemoval(group);
  const { data, error, isFetching, refetch } = useQuery(
    listQuery(listUserGroupMembers, {
      params: { group_id: group.id },
      query: { ...list.paging, q: listQueryText([{ key: 'username', contains: search.q ?? '' }]) },
    }),
  );
  const add = managed ? (
    <Button size="xs" leftSection={<IconUserPlus size={15} aria-hidden />} onClick={() => setAdding(true)}>
      {t('member.add')}
    </Button>
  ) : null;
  return (
    <>
      <DataTable<GroupMember>
        label={t('column.members')}
        settingsKey="group-members"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.user_id)}
        rowName={(row) => row.username}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={() => void refetch()} /> : undefined}
        empty={
          search.q === undefined ? (
            <EmptyState
              icon={<IconUsers size={28} />}
              title={t('member.empty')}
              text={managed ? t('member.emptyManaged') : t('member.emptySource')}
            >
              {add}
            </EmptyState>
          ) : (
            <EmptyState title={t('member.noMatch')} text={t('noMatchText')} />
          )
        }
        toolbar={
          <FacetBar search={{ label: t('search'), value: search.q ?? '', onChange: list.onSearch }}>{add}</FacetBar>
        }
        actions={(row) => [
          {
            id: 'remove',
            label: t('member.remove'),
            icon: <IconX size={16} aria-hidden />,
            danger: true,
            denied: managed ? undefined : t('member.ofSource'),
            onSelect: () => remove(row),
          },
        ]}
      />
      {adding ? <GroupMemberDialog group={group} onClose={() => setAdding(false)} /> : null}
    </>
  );
}

/** Takes somebody out at once and offers to put them back. */
function useRemoval(group: UserGroup): (member: GroupMember) => void {
  const { t } = useTranslation('group');
  const problem = useProblem();
  const remove = useRemoveGroupMember(group.id);
  const add = useAddGroupMember(group.id);
  return (member) =>
    remove.mutate(member.user_id, {
      onError: (error) => toast({ tone: 'problem', title: t('member.removeFailed'), message: problem.text(error) }),
      onSuccess: () =>
        offerUndo({
          message: t('member.removed', { name: member.username }),
          undo: t('member.undo'),
          onUndo: () => add.mutate(member.username),
        }),
    });
}

function useColumns(managed: boolean): readonly Column<GroupMember>[] {
  const { t } = useTranslation('group');
  return useMemo(
    () => [
      { id: 'name', header: t('member.name'), sort: 'username', priority: 'key', cell: (row) => row.username },
      {
        id: 'since',
        header: t('member.since'),
        sort: 'creation_time',
        sortsDown: true,
        width: '12rem',
        cell: (row) => <TimeAgo value={row.creation_time} />,
      },
      ...(managed
        ? []
        : [
            {
              id: 'refreshed',
              header: t('member.refreshed'),
              width: '14rem',
              cell: (row: GroupMember) => <TimeAgo value={row.refresh_time} />,
            },
          ]),
    ],
    [t, managed],
  );
}
