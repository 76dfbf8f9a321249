import { listUserSessions, type UserSession } from '@moorage/contracts';
import { type Column, DataTable, EmptyState, IconX, TimeAgo, toast } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { browserOf } from '../../shared/session/browser-name.rules.ts';
import { useEndUserSession } from './user.queries.ts';

/** The browsers a user is signed in with; administrators end them one by one. */
export function UserSessionsView(props: { userId: number }) {
  const { t } = useTranslation('user');
  const problem = useProblem();
  const search = useSearch({ from: '/app/signed-in/users/$userId' });
  const list = useListView(search, '-last_seen_at');
  const columns = useColumns();
  const end = useEndUserSession(props.userId);
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listUserSessions, { params: { user_id: props.userId }, query: list.paging }),
  );
  return (
    <DataTable<UserSession>
      label={t('open.title')}
      settingsKey="user-sessions"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => row.id}
      rowName={(row) => browserOf(row.user_agent)}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
      empty={<EmptyState title={t('open.empty')} text={t('open.emptyText')} />}
      actions={(row) => [
        {
          id: 'end',
          label: t('open.end'),
          icon: <IconX size={16} aria-hidden />,
          danger: true,
          denied: row.current ? t('open.thisOne') : undefined,
          onSelect: () =>
            end.mutate(row.id, {
              onError: (failure) => toast({ tone: 'problem', title: t('open.failed'), message: problem.text(failure) }),
              onSuccess: () => toast({ tone: 'success', message: t('open.ended') }),
            }),
        },
      ]}
    />
  );
}

function useColumns(): readonly Column<UserSession>[] {
  const { t } = useTranslation('user');
  return useMemo(
    () => [
      {
        id: 'browser',
        header: t('open.browser'),
        priority: 'key',
        cell: (row) => <span title={row.user_agent}>{browserOf(row.user_agent)}</span>,
      },
      { id: 'address', header: t('open.address'), width: '14rem', cell: (row) => row.address },
      {
        id: 'seen',
        header: t('open.seen'),
        sort: 'last_seen_at',
        sortsDown: true,
        width: '11rem',
        cell: (row) => <TimeAgo value={row.last_seen_at} />,
      },
      {
        id: 'begun',
        header: t('open.begun'),
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
