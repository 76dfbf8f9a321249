import type { AuditLogExt } from '@moorage/contracts';
import { DataTable, EmptyState, IconClipboardCheck, LiveChip, useNow } from '@moorage/ui';
import type { UseQueryOptions } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListPage } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { AuditFacets } from './audit-facets.tsx';
import { auditQuery } from './audit-query.rules.ts';
import type { AuditSearch } from './audit-search.ts';
import { useAuditColumns } from './use-audit-columns.tsx';

const AuditEntry = lazyPart(() => import('./audit-entry.tsx'), 'AuditEntry');

const TAIL_MS = 3_000;

export interface AuditPaging {
  readonly page: number;
  readonly page_size: number;
  readonly sort: string;
  readonly q: string | undefined;
}

/** Who did what, when, from where, with which result. Live tail asks again every three seconds. */
export function AuditTable(props: {
  search: AuditSearch;
  source: (paging: AuditPaging) => UseQueryOptions<ListPage<AuditLogExt[]>>;
  operations: readonly string[];
  denied: ReactNode;
}) {
  const { t } = useTranslation('audit');
  const { search } = props;
  const now = useNow();
  const list = useListView(search, '-op_time');
  const columns = useAuditColumns();
  const tailing = search.tail === 'on';
  const { data, error, isFetching, refetch } = useLoad({
    ...props.source({ ...list.paging, q: auditQuery(search, now) }),
    ...(tailing ? { refetchInterval: TAIL_MS } : {}),
  });
  const filtered = Object.entries(search).some(
    ([key, value]) => value !== undefined && !['tail', 'entry', 'sort', 'size', 'page'].includes(key),
  );
  return (
    <>
      <DataTable<AuditLogExt>
        label={t('title')}
        settingsKey="audit"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.id)}
        rowName={(row) => `${row.operation} ${row.resource}`}
        view={list.view}
        onView={list.onView}
        busy={isFetching && !tailing}
        problem={error ? <PageProblem error={error} onRetry={refetch} denied={props.denied} /> : undefined}
        empty={
          filtered ? (
            <EmptyState title={t('noMatch')} text={t('noMatchText')} />
          ) : (
            <EmptyState icon={<IconClipboardCheck size={28} />} title={t('empty')} text={t('emptyText')} />
          )
        }
        toolbar={
          <AuditFacets
            search={search}
            operations={props.operations}
            onSearch={list.onSearch}
            onFilter={list.onFilter}
            tools={
              <LiveChip
                state={tailing ? 'live' : 'paused'}
                onToggle={() => list.onFilter({ tail: tailing ? undefined : 'on' })}
              />
            }
          />
        }
      />
      {search.entry === undefined ? null : (
        <AuditEntry
          entry={data?.rows.find((row) => String(row.id) === search.entry)}
          onClose={() => list.onFilter({ entry: undefined, page: search.page })}
        />
      )}
    </>
  );
}
