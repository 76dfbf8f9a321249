import { listPersonalTokens, type PersonalToken } from '@moorage/contracts';
import {
  ConfirmDestroy,
  DataTable,
  EmptyState,
  FacetBar,
  IconKey,
  IconPlus,
  IconTrash,
  Text,
  TimeAgo,
  toast,
  useShortcut,
} from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { ButtonLink } from '../../shared/links.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useDeleteToken } from './personal-token.queries.ts';
import { useTokenColumns } from './use-token-columns.tsx';

/** My personal access tokens. */
export function PersonalTokensPage() {
  const { t } = useTranslation('personal-token');
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/signed-in/me/tokens' });
  const list = useListView(search, '-creation_time');
  const columns = useTokenColumns();
  const [ending, setEnding] = useState<PersonalToken | null>(null);
  useTitle(t('title'));
  useShortcut('KeyC', () => void navigate({ to: '/me/tokens/new' }));
  const { data, error, isFetching, refetch } = useQuery(
    listQuery(listPersonalTokens, {
      query: { ...list.paging, q: listQueryText([{ key: 'name', contains: search.q ?? '' }]) },
    }),
  );
  const create = (
    <ButtonLink to="/me/tokens/new" look="primary" small icon={<IconPlus size={16} aria-hidden />}>
      {t('create.button')}
    </ButtonLink>
  );
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('description')}
      </Text>
      <DataTable<PersonalToken>
        label={t('title')}
        settingsKey="personal-tokens"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.id)}
        rowName={(row) => row.name}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={() => void refetch()} /> : undefined}
        empty={
          search.q === undefined ? (
            <EmptyState icon={<IconKey size={28} />} title={t('empty')} text={t('emptyText')}>
              {create}
            </EmptyState>
          ) : (
            <EmptyState title={t('noMatch')} text={t('noMatchText')} />
          )
        }
        toolbar={
          <FacetBar search={{ label: t('search'), value: search.q ?? '', onChange: list.onSearch }}>{create}</FacetBar>
        }
        actions={(row) => [
          {
            id: 'delete',
            label: t('delete.action'),
            icon: <IconTrash size={16} aria-hidden />,
            danger: true,
            onSelect: () => setEnding(row),
          },
        ]}
      />
      {ending === null ? null : <DeleteDialog token={ending} onClose={() => setEnding(null)} />}
    </>
  );
}

function DeleteDialog(props: { token: PersonalToken; onClose: () => void }) {
  const { t } = useTranslation('personal-token');
  const problem = useProblem();
  const remove = useDeleteToken();
  const { token } = props;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('delete.title', { name: token.name })}
      action={t('delete.action')}
      consequences={[t('delete.goes')]}
      failure={remove.error ? problem.text(remove.error) : null}
      onConfirm={async () => {
        await remove.mutateAsync(token.id);
        toast({ tone: 'success', message: t('delete.done', { name: token.name }) });
        props.onClose();
      }}
    >
      {t('column.lastUsed')}: <TimeAgo value={token.last_used_at} never={t('neverUsed')} />
    </ConfirmDestroy>
  );
}
