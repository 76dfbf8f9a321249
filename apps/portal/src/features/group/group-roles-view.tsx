import { type ResponseOf, listUserGroupRoles, type UserGroup } from '@moorage/contracts';
import { type Column, DataTable, EmptyState, FacetBar, IconFolders } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { roleOf } from '../../shared/access/roles.ts';
import { listQuery } from '../../shared/api/query.ts';
import { Link } from '../../shared/links.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';

type GroupRole = ResponseOf<typeof listUserGroupRoles>[number];

/** The projects in which a group gives a role. */
export function GroupRolesView(props: { group: UserGroup }) {
  const { t } = useTranslation('group');
  const search = useSearch({ from: '/app/signed-in/groups/$groupId' });
  const list = useListView(search, 'project_name');
  const columns = useColumns();
  const { data, error, isFetching, refetch } = useQuery(
    listQuery(listUserGroupRoles, {
      params: { group_id: props.group.id },
      query: { ...list.paging, q: listQueryText([{ key: 'project_name', contains: search.q ?? '' }]) },
    }),
  );
  return (
    <DataTable<GroupRole>
      label={t('roles.title')}
      settingsKey="group-roles"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.project_id)}
      rowName={(row) => row.project_name}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={() => void refetch()} /> : undefined}
      empty={<EmptyState icon={<IconFolders size={28} />} title={t('roles.empty')} text={t('roles.emptyText')} />}
      toolbar={<FacetBar search={{ label: t('search'), value: search.q ?? '', onChange: list.onSearch }} />}
    />
  );
}

function useColumns(): readonly Column<GroupRole>[] {
  const { t } = useTranslation(['group', 'shared']);
  return useMemo(
    () => [
      {
        id: 'project',
        header: t('roles.project'),
        sort: 'project_name',
        priority: 'key',
        cell: (row) => (
          <Link to="/projects/$project/members" params={{ project: row.project_name }}>
            {row.project_name}
          </Link>
        ),
      },
      {
        id: 'role',
        header: t('shared:role.label'),
        sort: 'role_id',
        width: '16rem',
        cell: (row) => {
          const role = roleOf(row.role_id);
          return role ? t(`shared:role.${role}.name`) : row.role_name;
        },
      },
    ],
    [t],
  );
}
