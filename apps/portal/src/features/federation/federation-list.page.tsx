import { type FederationRule, listFederationRules } from '@moorage/contracts';
import {
  type Column,
  DataTable,
  DeniedState,
  EmptyState,
  FacetBar,
  IconKey,
  IconPlus,
  Text,
  TimeAgo,
  useShortcut,
} from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery } from '../../shared/api/query.ts';
import { ButtonLink, Link } from '../../shared/links.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { RuleState } from './rule-state.tsx';

/** Which CI jobs a project trusts without any stored secret. */
export function FederationListPage() {
  const { t } = useTranslation('federation');
  const project = useProject();
  const navigate = useNavigate();
  const { can, known } = useProjectAccess(project.project_id);
  const params = { project: project.name };
  const mayCreate = can('federation:create');
  useTitle(t('title'), project.name);
  useShortcut('KeyC', () => void navigate({ to: '/projects/$project/federation/new', params }), mayCreate);
  if (!known) return null;
  if (!can('federation:list')) return <DeniedState text={t('denied')} />;
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('description')}
      </Text>
      <RuleTable
        tools={
          mayCreate ? (
            <>
              <ButtonLink
                to="/projects/$project/federation/new"
                params={params}
                look="primary"
                small
                icon={<IconPlus size={16} aria-hidden />}
              >
                {t('create.button')}
              </ButtonLink>
              <ButtonLink to="/projects/$project/federation/try" params={params} small>
                {t('try.title')}
              </ButtonLink>
            </>
          ) : null
        }
      />
    </>
  );
}

function RuleTable(props: { tools: ReactNode }) {
  const { t } = useTranslation('federation');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/federation' });
  const list = useListView(search, 'name');
  const columns = useColumns(project.name);
  const { data, error, isFetching, refetch } = useQuery(
    listQuery(listFederationRules, {
      params: { project_name_or_id: project.name },
      query: { ...list.paging, q: listQueryText([{ key: 'name', contains: search.q ?? '' }]) },
    }),
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
      problem={error ? <PageProblem error={error} onRetry={() => void refetch()} denied={t('denied')} /> : undefined}
      empty={
        search.q === undefined ? (
          <EmptyState icon={<IconKey size={28} />} title={t('empty')} text={t('emptyText')}>
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

function useColumns(project: string): readonly Column<FederationRule>[] {
  const { t } = useTranslation('federation');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        sort: 'name',
        priority: 'key',
        cell: (row) => (
          <Link to="/projects/$project/federation/$ruleId" params={{ project, ruleId: String(row.id) }}>
            {row.name}
          </Link>
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
    [t, project],
  );
}
