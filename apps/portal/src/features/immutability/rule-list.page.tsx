import { type ImmutableRule, listImmutableRules } from '@moorage/contracts';
import {
  Badge,
  type Column,
  DataTable,
  DeniedState,
  EmptyState,
  IconLock,
  IconPlus,
  offerUndo,
  type RowAction,
  Text,
  toast,
  useShortcut,
} from '@moorage/ui';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { ButtonLink, Link } from '../../shared/links.tsx';
import { useListView } from '../../shared/list/use-list-view.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { coverageOf, useSetRuleDisabled } from './immutability.queries.ts';
import { RuleWords } from './rule-words.tsx';

const RuleDeleteDialog = lazyPart(() => import('./rule-delete-dialog.tsx'), 'RuleDeleteDialog');

/** Which tags of a project never change once they are pushed. */
export function ImmutabilityPage() {
  const { t } = useTranslation('immutability');
  const project = useProject();
  const navigate = useNavigate();
  const { can, known } = useProjectAccess(project.project_id);
  const params = { project: project.name };
  const mayCreate = can('immutable-tag:create');
  useTitle(t('title'), project.name);
  useShortcut('KeyC', () => void navigate({ to: '/projects/$project/policies/immutability/new', params }), mayCreate);
  if (!known) return null;
  if (!can('immutable-tag:list')) return <DeniedState text={t('denied')} />;
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('description')}
      </Text>
      <RuleTable />
    </>
  );
}

function RuleTable() {
  const { t } = useTranslation('immutability');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/policies/immutability' });
  const list = useListView(search, 'id');
  const { can } = useProjectAccess(project.project_id);
  const columns = useColumns(project.name);
  const [ending, setEnding] = useState<ImmutableRule | null>(null);
  const actions = useActions(project.name, can('immutable-tag:update'), setEnding);
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listImmutableRules, { params: { project_name_or_id: project.name }, query: list.paging }),
  );
  const button = can('immutable-tag:create') ? (
    <ButtonLink
      to="/projects/$project/policies/immutability/new"
      params={{ project: project.name }}
      look="primary"
      small
      icon={<IconPlus size={16} aria-hidden />}
    >
      {t('create.button')}
    </ButtonLink>
  ) : null;
  return (
    <>
      <DataTable<ImmutableRule>
        label={t('title')}
        settingsKey="immutability"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.id)}
        rowName={(row) => t('rule', { id: row.id })}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
        empty={
          <EmptyState icon={<IconLock size={28} />} title={t('empty')} text={t('emptyText')}>
            {button}
          </EmptyState>
        }
        toolbar={button}
        actions={actions}
      />
      {ending === null ? null : (
        <RuleDeleteDialog project={project.name} rule={ending} onClose={() => setEnding(null)} />
      )}
    </>
  );
}

function useActions(
  project: string,
  mayChange: boolean,
  onDelete: (rule: ImmutableRule) => void,
): (row: ImmutableRule) => readonly RowAction[] {
  const { t } = useTranslation('immutability');
  const problem = useProblem();
  const change = useSetRuleDisabled(project);
  const denied = mayChange ? undefined : t('needs.maintainer');
  const fail = (error: unknown) => toast({ tone: 'problem', title: t('changeFailed'), message: problem.text(error) });
  const set = (rule: ImmutableRule, disabled: boolean) =>
    change.mutate(
      { rule, disabled },
      {
        onError: fail,
        onSuccess: () =>
          offerUndo({
            message: disabled ? t('disabled', { id: rule.id }) : t('enabled', { id: rule.id }),
            undo: t('undo'),
            onUndo: () => change.mutate({ rule, disabled: !disabled }, { onError: fail }),
          }),
      },
    );
  return (row) => [
    {
      id: 'toggle',
      label: row.disabled ? t('enable') : t('disable'),
      denied,
      onSelect: () => set(row, !row.disabled),
    },
    { id: 'delete', label: t('delete.action'), danger: true, denied, onSelect: () => onDelete(row) },
  ];
}

function useColumns(project: string): readonly Column<ImmutableRule>[] {
  const { t } = useTranslation('immutability');
  return useMemo(
    () => [
      {
        id: 'id',
        header: t('column.rule'),
        sort: 'id',
        priority: 'key',
        width: '8rem',
        cell: (row) => (
          <Link
            to="/projects/$project/policies/immutability/$ruleId"
            params={{ project, ruleId: String(row.id) }}
            search={{}}
          >
            {t('rule', { id: row.id })}
          </Link>
        ),
      },
      { id: 'words', header: t('column.covers'), cell: (row) => <RuleWords coverage={coverageOf(row)} /> },
      {
        id: 'state',
        header: t('column.state'),
        width: '8rem',
        cell: (row) => (
          <Badge color={row.disabled ? 'gray' : 'green'}>{row.disabled ? t('state.off') : t('state.on')}</Badge>
        ),
      },
    ],
    [t, project],
  );
}
