import type { RetentionDecision, RetentionPreview } from '@moorage/contracts';
import {
  Alert,
  Badge,
  Bytes,
  type Column,
  DataTable,
  EmptyState,
  FacetBar,
  IconAlertTriangle,
  shortDigest,
  useUi,
} from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../../shared/links.tsx';
import { timeColumn } from '../../shared/list/content-columns.tsx';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { DecidedTotals } from './decided-totals.tsx';
import { type PolicyDraft, previewIds } from './retention-draft.rules.ts';
import { usePreview } from './retention.queries.ts';

/** What the rules, as they are written at this moment, would keep and delete. Undefined while they are not complete. */
export function PreviewPanel(props: { project: string; draft: PolicyDraft | undefined; saved: readonly number[] }) {
  const { t } = useTranslation('retention');
  const search = useSearch({ from: '/app/projects/$project/policies/retention/edit' });
  const list = useListView(search, '');
  const { data, error, isFetching, refetch } = usePreview(props.project, props.draft, {
    page: list.view.page,
    page_size: list.view.pageSize,
    decision: search.decision,
  });
  const columns = useColumns(props.project, props.draft, props.saved);
  if (props.draft === undefined) return <EmptyState title={t('preview.title')} text={t('preview.incomplete')} />;
  return (
    <>
      {data === undefined || error ? null : <Totals preview={data} />}
      <DataTable<RetentionDecision>
        label={t('preview.title')}
        settingsKey="retention-preview"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => `${row.repository_name}@${row.digest}:${row.tag ?? ''}`}
        rowName={(row) => row.tag ?? row.digest}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={() => void refetch()} /> : undefined}
        empty={<EmptyState title={t('preview.none')} text={t('preview.noneText')} />}
        toolbar={
          <FacetBar
            facets={[
              {
                id: 'decision',
                label: t('preview.decision'),
                single: true,
                options: (['delete', 'keep'] as const).map((value) => ({ value, label: t(`decision.${value}`) })),
                selected: search.decision === undefined ? [] : [search.decision],
                onChange: ([value]) =>
                  list.onFilter({ decision: value === 'keep' || value === 'delete' ? value : undefined }),
              },
            ]}
          />
        }
      />
    </>
  );
}

function Totals(props: { preview: RetentionPreview }) {
  const { t } = useTranslation('retention');
  const ui = useUi();
  const { totals, share, needs_confirmation } = props.preview;
  return (
    <div role="status" style={{ marginBottom: 12 }}>
      <DecidedTotals totals={totals} />
      {needs_confirmation ? (
        <Alert color="yellow" my="sm" icon={<IconAlertTriangle size={18} aria-hidden />}>
          {t('preview.confirm', { share: ui.number(Math.round(share * 10) / 10) })}
        </Alert>
      ) : null}
    </div>
  );
}

function useColumns(
  project: string,
  draft: PolicyDraft | undefined,
  saved: readonly number[],
): readonly Column<RetentionDecision>[] {
  const { t } = useTranslation('retention');
  return useMemo(() => {
    const rules = draft?.rules ?? [];
    const byId = previewIds(rules, saved);
    const ruleName = (id: number | null) => {
      const rule = id === null ? undefined : byId.get(id);
      if (rule === undefined) return '';
      return rule.name.trim() || t('rule.number', { number: rules.indexOf(rule) + 1 });
    };
    return [
      {
        id: 'tag',
        header: t('column.tag'),
        priority: 'key' as const,
        cell: (row) => <Place project={project} row={row} />,
      },
      {
        id: 'decision',
        header: t('preview.decision'),
        width: '9rem',
        cell: (row) => (
          <Badge color={row.decision === 'delete' ? 'red' : 'green'}>{t(`decision.${row.decision}`)}</Badge>
        ),
      },
      {
        id: 'why',
        header: t('column.why'),
        cell: (row) => [t(`reason.${row.reason}`), ruleName(row.rule_id)].filter(Boolean).join(': '),
      },
      { id: 'size', header: t('column.size'), align: 'end' as const, cell: (row) => <Bytes value={row.size} /> },
      { ...timeColumn<RetentionDecision>('pushed', t('column.pushed'), '', (row) => row.push_time), sort: undefined },
    ];
  }, [t, project, draft, saved]);
}

function Place(props: { project: string; row: RetentionDecision }) {
  const { project, row } = props;
  const repository = row.repository_name.startsWith(`${project}/`)
    ? row.repository_name.slice(project.length + 1)
    : row.repository_name;
  return (
    <Link
      to="/projects/$project/r/$repository/$reference"
      params={{ project, repository, reference: row.tag ?? row.digest }}
      search={{}}
    >
      {row.tag === null ? `${repository}@${shortDigest(row.digest)}` : `${repository}:${row.tag}`}
    </Link>
  );
}
