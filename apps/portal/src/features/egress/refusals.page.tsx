import { type EgressRefusal, listEgressRefusals, REFUSAL_REASONS, type RefusalReason } from '@moorage/contracts';
import {
  type Column,
  Count,
  DataTable,
  DeniedState,
  EmptyState,
  FacetBar,
  IconShield,
  Panel,
  Text,
  TimeAgo,
} from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { AddressCheck } from './address-check.tsx';
import { ReasonText } from './reason-text.tsx';

/** Which outgoing connections were refused, and why; and whether an address may be called. */
export function RefusalsPage() {
  const { t } = useTranslation('egress');
  const admin = useIsAdmin();
  useTitle(t('title'));
  if (!admin) return <DeniedState text={t('denied')} />;
  return (
    <>
      <Panel title={t('check.title')}>
        <AddressCheck />
      </Panel>
      <Text size="sm" c="dimmed" my="md">
        {t('description')}
      </Text>
      <RefusalTable />
    </>
  );
}

function RefusalTable() {
  const { t } = useTranslation('egress');
  const search = useSearch({ from: '/app/signed-in/settings/egress' });
  const list = useListView(search, '-last_at');
  const columns = useColumns();
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listEgressRefusals, {
      query: {
        ...list.paging,
        q: listQueryText([
          { key: 'host', contains: search.q ?? '' },
          { key: 'reason', is: search.reason ?? '' },
        ]),
      },
    }),
  );
  const narrowed = search.q !== undefined || search.reason !== undefined;
  return (
    <DataTable<EgressRefusal>
      label={t('title')}
      settingsKey="egress-refusals"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => row.host}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
      empty={
        narrowed ? (
          <EmptyState title={t('noMatch')} text={t('noMatchText')} />
        ) : (
          <EmptyState icon={<IconShield size={28} />} title={t('empty')} text={t('emptyText')} />
        )
      }
      toolbar={
        <FacetBar
          search={{ label: t('search'), value: search.q ?? '', onChange: list.onSearch }}
          facets={[
            {
              id: 'reason',
              label: t('column.reason'),
              options: (Object.keys(REFUSAL_REASONS) as RefusalReason[]).map((value) => ({
                value,
                label: t(`name.${value}`),
              })),
              selected: search.reason === undefined ? [] : [search.reason],
              onChange: ([reason]) => list.onFilter({ reason }),
              single: true,
            },
          ]}
        />
      }
    />
  );
}

function useColumns(): readonly Column<EgressRefusal>[] {
  const { t } = useTranslation('egress');
  return useMemo(
    () => [
      {
        id: 'host',
        header: t('column.host'),
        sort: 'host',
        priority: 'key',
        cell: (row) => `${row.host}:${row.port}`,
      },
      { id: 'reason', header: t('column.reason'), cell: (row) => <ReasonText reason={row.reason} /> },
      { id: 'address', header: t('column.address'), width: '11rem', priority: 'low', cell: (row) => row.address },
      {
        id: 'purpose',
        header: t('column.purpose'),
        width: '9rem',
        priority: 'low',
        cell: (row) => t(`purpose.${row.purpose}`, { defaultValue: row.purpose }),
      },
      {
        id: 'hits',
        header: t('column.hits'),
        sort: 'hits',
        sortsDown: true,
        width: '7rem',
        cell: (row) => <Count value={row.hits} />,
      },
      {
        id: 'last',
        header: t('column.last'),
        sort: 'last_at',
        sortsDown: true,
        width: '10rem',
        cell: (row) => <TimeAgo value={row.last_at} />,
      },
    ],
    [t],
  );
}
