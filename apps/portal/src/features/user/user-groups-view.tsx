import { GROUP_TYPES, listGroupsOfUser, type UserGroup } from '@moorage/contracts';
import { type Column, DataTable, EmptyState, IconUsersGroup } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Link } from '../../shared/links.tsx';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';

/** The groups a user belongs to. */
export function UserGroupsView(props: { userId: number }) {
  const { t } = useTranslation('user');
  const search = useSearch({ from: '/app/signed-in/users/$userId' });
  const list = useListView(search, 'group_name');
  const columns = useColumns();
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listGroupsOfUser, { params: { user_id: props.userId }, query: list.paging }),
  );
  return (
    <DataTable<UserGroup>
      label={t('groups.title')}
      settingsKey="user-groups"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => row.group_name}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
      empty={<EmptyState icon={<IconUsersGroup size={28} />} title={t('groups.empty')} text={t('groups.emptyText')} />}
    />
  );
}

function useColumns(): readonly Column<UserGroup>[] {
  const { t } = useTranslation('user');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('groups.title'),
        sort: 'group_name',
        priority: 'key',
        cell: (row) => (
          <Link to="/groups/$groupId" params={{ groupId: String(row.id) }}>
            {row.group_name}
          </Link>
        ),
      },
      {
        id: 'source',
        header: t('column.account'),
        width: '14rem',
        cell: (row) => (row.group_type === GROUP_TYPES.managed ? t('account.local') : t('account.external')),
      },
    ],
    [t],
  );
}
