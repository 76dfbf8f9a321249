import { listQuotas, type Quota } from '@moorage/contracts';
import {
  Button,
  Bytes,
  type Column,
  Count,
  DataTable,
  EmptyState,
  FacetBar,
  IconDatabase,
  IconPencil,
  Meter,
  PageHeader,
  toast,
  useUi,
} from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { Link } from '../../shared/links.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { useLiveRefresh } from '../../shared/live/use-live-refresh.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useCountAnew } from './quota.queries.ts';

const LimitDialog = lazyPart(() => import('./limit-dialog.tsx'), 'LimitDialog');

/** How much every project holds, and how much it may. */
export function QuotaListPage() {
  const { t } = useTranslation('quota');
  const search = useSearch({ from: '/app/signed-in/quotas' });
  const list = useListView(search, '-used.storage');
  const columns = useColumns();
  const [editing, setEditing] = useState<Quota | null>(null);
  useTitle(t('title'));
  useLiveRefresh(['user:me']);
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listQuotas, {
      query: {
        ...list.paging,
        reference: 'project',
        q: listQueryText([{ key: 'name', contains: search.q ?? '' }]),
      },
    }),
  );
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} actions={<CountAnew />} />
      <DataTable<Quota>
        label={t('title')}
        settingsKey="quotas"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.id)}
        rowName={(row) => row.ref.name}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
        empty={
          search.q === undefined ? (
            <EmptyState icon={<IconDatabase size={28} />} title={t('empty')} text={t('emptyText')} />
          ) : (
            <EmptyState title={t('noMatch')} text={t('noMatchText')} />
          )
        }
        toolbar={<FacetBar search={{ label: t('search'), value: search.q ?? '', onChange: list.onSearch }} />}
        actions={(row) => [
          {
            id: 'edit',
            label: t('edit.action'),
            icon: <IconPencil size={16} aria-hidden />,
            onSelect: () => setEditing(row),
          },
        ]}
      />
      {editing === null ? null : <LimitDialog quota={editing} onClose={() => setEditing(null)} />}
    </>
  );
}

function CountAnew() {
  const { t } = useTranslation('quota');
  const problem = useProblem();
  const count = useCountAnew();
  return (
    <Button
      variant="default"
      loading={count.isPending}
      onClick={() =>
        count.mutate(undefined, {
          onSuccess: () => toast({ tone: 'success', message: t('anew.begun') }),
          onError: (error) => toast({ tone: 'problem', title: t('anew.failed'), message: problem.text(error) }),
        })
      }
    >
      {t('anew.action')}
    </Button>
  );
}

function useColumns(): readonly Column<Quota>[] {
  const { t } = useTranslation('quota');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.project'),
        sort: 'name',
        priority: 'key',
        cell: (row) => (
          <Link to="/projects/$project/storage" params={{ project: row.ref.name }}>
            {row.ref.name}
          </Link>
        ),
      },
      { id: 'owner', header: t('column.owner'), priority: 'low', cell: (row) => row.ref.owner_name },
      {
        id: 'used',
        header: t('column.used'),
        sort: 'used.storage',
        sortsDown: true,
        align: 'end',
        width: '9rem',
        cell: (row) => <Bytes value={row.used.storage} />,
      },
      {
        id: 'limit',
        header: t('column.limit'),
        sort: 'hard.storage',
        align: 'end',
        width: '9rem',
        cell: (row) => <Bytes value={row.hard.storage} />,
      },
      {
        id: 'artifacts',
        header: t('column.artifacts'),
        sort: 'used.count',
        sortsDown: true,
        align: 'end',
        width: '9rem',
        priority: 'low',
        cell: (row) => <Count value={row.used.count ?? 0} />,
      },
      { id: 'share', header: t('column.share'), width: '12rem', cell: (row) => <Share row={row} /> },
    ],
    [t],
  );
}

function Share(props: { row: Quota }) {
  const { t } = useTranslation('quota');
  const ui = useUi();
  const { used, hard, ref } = props.row;
  if (hard.storage < 0) return t('noLimit');
  const percent = new Intl.NumberFormat(ui.locale, { style: 'percent', maximumFractionDigits: 1 });
  const text = percent.format(used.storage / hard.storage);
  return (
    <>
      {text}
      <Meter label={t('shareOf', { name: ref.name })} value={used.storage} max={hard.storage} text={text} />
    </>
  );
}
