import { listUserTokens, type PersonalToken } from '@moorage/contracts';
import { type Column, ConfirmDestroy, DataTable, EmptyState, IconKey, IconTrash, TimeAgo, toast } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useDeleteUserToken } from './user.queries.ts';

/** A user's personal access tokens; administrators end them, nobody sees them again. */
export function UserTokensView(props: { userId: number }) {
  const { t } = useTranslation('user');
  const search = useSearch({ from: '/app/signed-in/users/$userId' });
  const list = useListView(search, '-creation_time');
  const columns = useColumns();
  const [ending, setEnding] = useState<PersonalToken | null>(null);
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listUserTokens, { params: { user_id: props.userId }, query: list.paging }),
  );
  return (
    <>
      <DataTable<PersonalToken>
        label={t('tokens.title')}
        settingsKey="user-tokens"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.id)}
        rowName={(row) => row.name}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
        empty={<EmptyState icon={<IconKey size={28} />} title={t('tokens.empty')} text={t('tokens.emptyText')} />}
        actions={(row) => [
          {
            id: 'delete',
            label: t('tokens.delete'),
            icon: <IconTrash size={16} aria-hidden />,
            danger: true,
            onSelect: () => setEnding(row),
          },
        ]}
      />
      {ending === null ? null : <DeleteDialog userId={props.userId} token={ending} onClose={() => setEnding(null)} />}
    </>
  );
}

function DeleteDialog(props: { userId: number; token: PersonalToken; onClose: () => void }) {
  const { t } = useTranslation('user');
  const problem = useProblem();
  const remove = useDeleteUserToken(props.userId);
  const { id, name } = props.token;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('delete.title', { name })}
      action={t('tokens.delete')}
      consequences={[t('tokens.goes')]}
      failure={remove.error ? problem.text(remove.error) : null}
      onConfirm={async () => {
        await remove.mutateAsync(id);
        toast({ tone: 'success', message: t('delete.done', { name }) });
        props.onClose();
      }}
    />
  );
}

function useColumns(): readonly Column<PersonalToken>[] {
  const { t } = useTranslation('user');
  return useMemo(
    () => [
      { id: 'name', header: t('tokens.name'), sort: 'name', priority: 'key', cell: (row) => row.name },
      {
        id: 'used',
        header: t('tokens.used'),
        sort: 'last_used_at',
        sortsDown: true,
        width: '13rem',
        cell: (row) => (
          <>
            <TimeAgo value={row.last_used_at} never={t('tokens.neverUsed')} /> {row.last_used_address ?? ''}
          </>
        ),
      },
      {
        id: 'expires',
        header: t('tokens.expires'),
        sort: 'expires_at',
        width: '11rem',
        cell: (row) => (
          <TimeAgo value={row.expires_at < 0 ? undefined : new Date(row.expires_at * 1000).toISOString()} />
        ),
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
