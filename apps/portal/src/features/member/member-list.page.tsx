import { listProjectMembers, type ProjectMember, ROLE_IDS, type Role } from '@moorage/contracts';
import { Button, DataTable, DeniedState, EmptyState, IconUserPlus, IconUsers, Text, useShortcut } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { ROLES } from '../../shared/access/roles.ts';
import { listQuery } from '../../shared/api/query.ts';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { useSelection } from '../../shared/list/use-selection.ts';
import { Link } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { MemberFacets } from './member-facets.tsx';
import { useMemberActions } from './use-member-actions.tsx';
import { useMemberColumns } from './use-member-columns.tsx';
import { useRemoval } from './use-removal.ts';

const RoleDialog = lazyPart(() => import('./role-dialog.tsx'), 'RoleDialog');

const MemberAddDialog = lazyPart(() => import('./member-add-dialog.tsx'), 'MemberAddDialog');

const keyOf = (row: ProjectMember) => String(row.id);

/** Who can do what in a project. */
export function MemberListPage() {
  const { t } = useTranslation('member');
  const project = useProject();
  const { can, known } = useProjectAccess(project.project_id);
  const [adding, setAdding] = useState(false);
  useTitle(t('title'), project.name);
  useShortcut('KeyC', () => setAdding(true), can('member:create'));
  if (!known) return null;
  if (!can('member:list')) return <DeniedState text={t('denied')} />;
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('description')}{' '}
        <Link to="/projects/$project/access" params={{ project: project.name }}>
          {t('check')}
        </Link>
      </Text>
      <MemberTable
        rights={{ change: can('member:update'), remove: can('member:delete') }}
        add={
          can('member:create') ? (
            <Button size="xs" leftSection={<IconUserPlus size={15} aria-hidden />} onClick={() => setAdding(true)}>
              {t('add.button')}
            </Button>
          ) : null
        }
      />
      {adding ? <MemberAddDialog project={project.name} onClose={() => setAdding(false)} /> : null}
    </>
  );
}

/** The ticked members, over the pages of the list and a reload. */
function useMemberSelection(project: string, rows: readonly ProjectMember[] | undefined) {
  return useSelection<ProjectMember>({
    name: `members:${project}`,
    rows,
    keyOf,
    only: (ids) =>
      listQuery(listProjectMembers, {
        params: { project_name_or_id: project },
        query: { page: 1, page_size: ids.length, q: listQueryText([{ key: 'id', oneOf: ids }]) },
      }),
  });
}

function MemberTable(props: { rights: { change: boolean; remove: boolean }; add: ReactNode }) {
  const { t } = useTranslation('member');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/members' });
  const list = useListView(search, 'entity_name');
  const columns = useMemberColumns();
  const [changing, setChanging] = useState<readonly ProjectMember[]>([]);
  const role = ROLES.find((entry) => entry === search.role);
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listProjectMembers, {
      params: { project_name_or_id: project.name },
      query: { ...list.paging, entityname: search.q, q: roleCondition(role) },
    }),
  );
  const { items, selected, onChange, clear } = useMemberSelection(project.name, data?.rows);
  const remove = useRemoval(project.name, clear);
  const actions = useMemberActions(props.rights, setChanging, remove);
  const bar = <BulkButtons onRole={() => setChanging(items)} onRemove={() => remove(items)} />;
  return (
    <>
      <DataTable<ProjectMember>
        label={t('title')}
        settingsKey="members"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={keyOf}
        rowName={(row) => row.entity_name}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
        empty={<EmptyState icon={<IconUsers size={28} />} title={t('noMatch')} text={t('noMatchText')} />}
        toolbar={
          <MemberFacets
            q={search.q ?? ''}
            role={role}
            onSearch={list.onSearch}
            onRole={(next) => list.onFilter({ role: next })}
          >
            {props.add}
          </MemberFacets>
        }
        actions={actions}
        {...(props.rights.change && props.rights.remove ? { selection: { selected, onChange, bar } } : {})}
      />
      {changing.length > 0 ? (
        <RoleDialog
          project={project.name}
          members={changing}
          onClose={() => setChanging([])}
          onDone={() => {
            setChanging([]);
            clear();
          }}
        />
      ) : null}
    </>
  );
}

function roleCondition(role: Role | undefined): string | undefined {
  return listQueryText(role ? [{ key: 'role_id', is: String(ROLE_IDS[role]) }] : []);
}

function BulkButtons(props: { onRole: () => void; onRemove: () => void }) {
  const { t } = useTranslation('member');
  return (
    <>
      <Button size="xs" variant="default" onClick={props.onRole}>
        {t('role.action')}
      </Button>
      <Button size="xs" variant="outline" color="red" onClick={props.onRemove}>
        {t('remove.action')}
      </Button>
    </>
  );
}
