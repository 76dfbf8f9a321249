import { listUsers, type User } from '@moorage/contracts';
import {
  Badge,
  Button,
  type Column,
  DataTable,
  EmptyState,
  FacetBar,
  IconKey,
  IconLogout,
  IconShield,
  IconShieldLock,
  IconTrash,
  IconUserPlus,
  IconUsers,
  PageHeader,
  type RowAction,
  TimeAgo,
  useShortcut,
} from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { listQuery } from '../../shared/api/query.ts';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { ButtonLink, Link } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useCurrentUser } from '../../shared/session/session.queries.ts';
import type { UserTask } from './user-dialogs.tsx';

const UserDialogs = lazyPart(() => import('./user-dialogs.tsx'), 'UserDialogs');

/** The local accounts of the installation. */
export function UserListPage() {
  const { t } = useTranslation('user');
  const search = useSearch({ from: '/app/signed-in/users' });
  const list = useListView(search, 'username');
  const columns = useColumns();
  const me = useCurrentUser();
  const [task, setTask] = useState<UserTask | null>(null);
  useTitle(t('title'));
  useShortcut('KeyC', () => setTask({ kind: 'create' }));

  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listUsers, {
      query: { ...list.paging, q: listQueryText([{ key: 'username', contains: search.q ?? '' }]) },
    }),
  );
  if (error) return <PageProblem error={error} onRetry={refetch} denied={t('denied')} />;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          <>
            <ButtonLink to="/access">{t('access')}</ButtonLink>
            <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setTask({ kind: 'create' })}>
              {t('create.button')}
            </Button>
          </>
        }
      />
      <DataTable<User>
        label={t('title')}
        settingsKey="users"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.user_id)}
        rowName={(row) => row.username}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        empty={<EmptyState icon={<IconUsers size={28} />} title={t('noMatch')} text={t('noMatchText')} />}
        toolbar={<FacetBar search={{ label: t('search'), value: search.q ?? '', onChange: list.onSearch }} />}
        actions={(row) => userActions(row, row.user_id === me?.user_id, setTask, t)}
      />
      {task === null ? null : <UserDialogs task={task} onClose={() => setTask(null)} />}
    </>
  );
}

/** What can be done with an account, and why the rest cannot. */
function userActions(
  row: User,
  self: boolean,
  setTask: (task: UserTask) => void,
  t: TFunction<'user'>,
): readonly RowAction[] {
  return [
    {
      id: 'admin',
      label: row.sysadmin_flag ? t('admin.end') : t('admin.make'),
      icon: <IconShield size={16} aria-hidden />,
      denied: self ? t('notYourself') : undefined,
      onSelect: () => setTask({ kind: 'admin', user: row }),
    },
    {
      id: 'password',
      label: t('password.action'),
      icon: <IconKey size={16} aria-hidden />,
      denied: self ? t('ownPassword') : undefined,
      onSelect: () => setTask({ kind: 'password', user: row }),
    },
    {
      id: 'sessions',
      label: t('sessions.action'),
      icon: <IconLogout size={16} aria-hidden />,
      denied: self ? t('notYourself') : undefined,
      onSelect: () => setTask({ kind: 'sessions', user: row }),
    },
    {
      id: 'factors',
      label: t('factors.action'),
      icon: <IconShieldLock size={16} aria-hidden />,
      denied: self ? t('notYourself') : undefined,
      onSelect: () => setTask({ kind: 'factors', user: row }),
    },
    {
      id: 'delete',
      label: t('delete.action'),
      icon: <IconTrash size={16} aria-hidden />,
      danger: true,
      denied: self ? t('notYourself') : row.user_id === 1 ? t('notFirst') : undefined,
      onSelect: () => setTask({ kind: 'delete', user: row }),
    },
  ];
}

function useColumns(): readonly Column<User>[] {
  const { t } = useTranslation('user');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        sort: 'username',
        priority: 'key',
        cell: (row) => (
          <Link to="/users/$userId" params={{ userId: String(row.user_id) }}>
            {row.username}
          </Link>
        ),
      },
      {
        id: 'admin',
        header: t('column.role'),
        width: '10rem',
        cell: (row) =>
          row.sysadmin_flag || row.admin_role_in_auth ? <Badge>{t('admin.badge')}</Badge> : t('admin.ordinary'),
      },
      {
        id: 'account',
        header: t('column.account'),
        width: '12rem',
        priority: 'low',
        cell: (row) => (
          <span title={row.oidc_user_meta?.subiss}>
            {row.oidc_user_meta === undefined ? t('account.local') : t('account.external')}
          </span>
        ),
      },
      { id: 'email', header: t('column.email'), sort: 'email', cell: (row) => row.email },
      { id: 'realname', header: t('column.realname'), sort: 'realname', priority: 'low', cell: (row) => row.realname },
      {
        id: 'login',
        header: t('column.lastLogin'),
        width: '11rem',
        cell: (row) => <TimeAgo value={row.last_login_time} />,
      },
      {
        id: 'created',
        header: t('column.created'),
        sort: 'creation_time',
        sortsDown: true,
        width: '11rem',
        priority: 'low',
        cell: (row) => <TimeAgo value={row.creation_time} />,
      },
    ],
    [t],
  );
}
