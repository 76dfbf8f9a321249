import { listOwnSessions, type UserSession } from '@moorage/contracts';
import { Badge, Button, type Column, DataTable, EmptyState, IconX, Text, TimeAgo, toast } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { browserOf } from '../../shared/session/browser-name.rules.ts';
import { useEndOtherSessions, useEndSession } from './own-session.queries.ts';

/** The browsers I am signed in with. */
export function OwnSessionsPage() {
  const { t } = useTranslation('session');
  const problem = useProblem();
  const search = useSearch({ from: '/app/signed-in/me/sessions' });
  const list = useListView(search, '-last_seen_at');
  const columns = useColumns();
  const end = useEndSession();
  const endOthers = useEndOtherSessions();
  useTitle(t('sessions.title'));
  const { data, error, isFetching, refetch } = useQuery(listQuery(listOwnSessions, { query: list.paging }));
  const onError = (failure: Error) =>
    toast({ tone: 'problem', title: t('sessions.failed'), message: problem.text(failure) });
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('sessions.text')}
      </Text>
      <DataTable<UserSession>
        label={t('sessions.title')}
        settingsKey="sessions"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => row.id}
        rowName={(row) => browserOf(row.user_agent)}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={() => void refetch()} /> : undefined}
        empty={<EmptyState title={t('sessions.title')} text={t('sessions.text')} />}
        toolbar={
          <Button
            size="xs"
            variant="default"
            loading={endOthers.isPending}
            disabled={(data?.total ?? 0) < 2}
            onClick={() =>
              endOthers.mutate(undefined, {
                onError,
                onSuccess: () => toast({ tone: 'success', message: t('sessions.othersEnded') }),
              })
            }
          >
            {t('sessions.endOthers')}
          </Button>
        }
        actions={(row) => [
          {
            id: 'end',
            label: t('sessions.end'),
            icon: <IconX size={16} aria-hidden />,
            danger: true,
            denied: row.current ? t('sessions.thisOne') : undefined,
            onSelect: () =>
              end.mutate(row.id, {
                onError,
                onSuccess: () => toast({ tone: 'success', message: t('sessions.ended') }),
              }),
          },
        ]}
      />
    </>
  );
}

function useColumns(): readonly Column<UserSession>[] {
  const { t } = useTranslation('session');
  return useMemo(
    () => [
      {
        id: 'browser',
        header: t('sessions.browser'),
        priority: 'key',
        cell: (row) => (
          <span title={row.user_agent}>
            {browserOf(row.user_agent)} {row.current ? <Badge color="green">{t('sessions.current')}</Badge> : null}
          </span>
        ),
      },
      { id: 'address', header: t('sessions.address'), width: '14rem', cell: (row) => row.address },
      {
        id: 'seen',
        header: t('sessions.seen'),
        sort: 'last_seen_at',
        sortsDown: true,
        width: '11rem',
        cell: (row) => <TimeAgo value={row.last_seen_at} />,
      },
      {
        id: 'begun',
        header: t('sessions.begun'),
        sort: 'creation_time',
        sortsDown: true,
        width: '11rem',
        priority: 'low',
        cell: (row) => <TimeAgo value={row.creation_time} />,
      },
      {
        id: 'ends',
        header: t('sessions.ends'),
        width: '11rem',
        priority: 'low',
        cell: (row) => <TimeAgo value={row.idle_until} />,
      },
    ],
    [t],
  );
}
