import type { FederationRule } from '@moorage/contracts';
import { type Column, DataTable, EmptyState, FacetBar, IconKey, TimeAgo } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import type { ListSearch } from '../../shared/list/list-search.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { ruleListQuery, type RuleScope } from './federation.queries.ts';
import { RuleLink } from './rule-places.tsx';
import { RuleState } from './rule-state.tsx';

/** The trust rules of a scope. */
export function RuleTable(props: {
  scope: RuleScope;
  search: ListSearch;
  denied: string;
  emptyText: string;
  tools: ReactNode;
}) {
  const { t } = useTranslation('federation');
  const { scope, search } = props;
  const list = useListView(search, 'name');
  const columns = useColumns(scope);
  const { data, error, isFetching, refetch } = useQuery(
    ruleListQuery(scope, { ...list.paging, q: listQueryText([{ key: 'name', contains: search.q ?? '' }]) }),
  );
  return (
    <DataTable<FederationRule>
      label={t('title')}
      settingsKey="federation"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => row.name}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={() => void refetch()} denied={props.denied} /> : undefined}
      empty={
        search.q === undefined ? (
          <EmptyState icon={<IconKey size={28} />} title={t('empty')} text={props.emptyText}>
            {props.tools}
          </EmptyState>
        ) : (
          <EmptyState title={t('noMatch')} text={t('noMatchText')} />
        )
      }
      toolbar={
        <FacetBar search={{ label: t('search'), value: search.q ?? '', onChange: list.onSearch }}>
          {props.tools}
        </FacetBar>
      }
    />
  );
}

function useColumns(scope: RuleScope): readonly Column<FederationRule>[] {
  const { t } = useTranslation('federation');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        sort: 'name',
        priority: 'key',
        cell: (row) => (
          <RuleLink scope={scope} id={row.id}>
            {row.name}
          </RuleLink>
        ),
      },
      {
        id: 'state',
        header: t('column.state'),
        width: '8rem',
        cell: (row) => <RuleState disabled={row.disable} />,
      },
      { id: 'issuer', header: t('column.issuer'), sort: 'issuer', cell: (row) => row.issuer },
      {
        id: 'conditions',
        header: t('column.conditions'),
        priority: 'low',
        cell: (row) => row.conditions.map((entry) => `${entry.claim}: ${entry.values.join(', ')}`).join('; '),
      },
      {
        id: 'used',
        header: t('column.lastUsed'),
        sort: 'last_used_at',
        sortsDown: true,
        width: '10rem',
        cell: (row) => <TimeAgo value={row.last_used_at} never={t('neverUsed')} />,
      },
    ],
    [t, scope],
  );
}
