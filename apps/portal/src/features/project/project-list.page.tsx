import { listProjects, type Project } from '@moorage/contracts';
import {
  Button,
  DataTable,
  EmptyState,
  FacetBar,
  IconFolders,
  IconPlus,
  IconSettings,
  IconTrash,
  PageHeader,
  Tooltip,
  useShortcut,
} from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { listQuery } from '../../shared/api/query.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { useLiveRefresh } from '../../shared/live/use-live-refresh.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { systemInfoQuery, useCurrentUser, useIsAdmin } from '../../shared/session/session.queries.ts';
import { useProjectColumns } from './use-project-columns.tsx';

const ProjectDeleteDialog = lazyPart(() => import('./project-delete-dialog.tsx'), 'ProjectDeleteDialog');

const ProjectCreateDialog = lazyPart(() => import('./project-create-dialog.tsx'), 'ProjectCreateDialog');

/** All projects the visitor may see. */
export function ProjectListPage() {
  const { t } = useTranslation('project');
  const search = useSearch({ from: '/app/projects' });
  const list = useListView(search, 'name');
  const columns = useProjectColumns();
  const user = useCurrentUser();
  const actions = useRowActions();
  useTitle(t('list.title'));
  useLiveRefresh(user ? ['user:me'] : []);

  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listProjects, {
      query: {
        ...list.paging,
        name: search.q,
        public: search.visibility === undefined ? undefined : search.visibility === 'public',
      },
    }),
  );
  const filtered = search.q !== undefined || search.visibility !== undefined;
  const creation = useCreation(search.create === true, list.onFilter);
  return (
    <>
      <PageHeader title={t('list.title')} description={t('list.description')} actions={creation.button} />
      <DataTable<Project>
        label={t('list.title')}
        settingsKey="projects"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.project_id)}
        rowName={(row) => row.name}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
        empty={
          filtered ? (
            <EmptyState title={t('list.noMatch')} text={t('list.noMatchText')} />
          ) : (
            <EmptyState icon={<IconFolders size={28} />} title={t('list.empty')} text={t('list.emptyText')}>
              {creation.button}
            </EmptyState>
          )
        }
        toolbar={
          <FacetBar
            search={{ label: t('list.search'), value: search.q ?? '', onChange: list.onSearch }}
            facets={[
              {
                id: 'visibility',
                label: t('visibility.label'),
                single: true,
                options: [
                  { value: 'public', label: t('visibility.public') },
                  { value: 'private', label: t('visibility.private') },
                ],
                selected: search.visibility ? [search.visibility] : [],
                onChange: ([value]) => list.onFilter({ visibility: value as 'public' | 'private' | undefined }),
              },
            ]}
          />
        }
        {...(user ? { actions: actions.of } : {})}
      />
      {creation.dialog}
      {actions.dialog}
    </>
  );
}

function useCreation(opened: boolean, onFilter: (patch: { create: true | undefined }) => void) {
  const { t } = useTranslation('project');
  const user = useCurrentUser();
  const admin = useIsAdmin();
  const { data: info } = useQuery(systemInfoQuery);
  const denied = info?.project_creation_restriction === 'adminonly' && !admin;
  const open = () => onFilter({ create: true });
  useShortcut('KeyC', open, user !== null && !denied);
  if (user === null) return { button: null, dialog: null };
  const button = (
    <Tooltip label={t('create.denied')} disabled={!denied}>
      <Button
        leftSection={<IconPlus size={16} aria-hidden />}
        data-disabled={denied || undefined}
        aria-disabled={denied || undefined}
        onClick={denied ? (event) => event.preventDefault() : open}
      >
        {t('create.button')}
      </Button>
    </Tooltip>
  );
  return {
    button,
    dialog: opened && !denied ? <ProjectCreateDialog onClose={() => onFilter({ create: undefined })} /> : null,
  };
}

function useRowActions() {
  const { t } = useTranslation('project');
  const navigate = useNavigate();
  const admin = useIsAdmin();
  const [doomed, setDoomed] = useState<Project | null>(null);
  return {
    of: (row: Project) => {
      const owner = admin || row.current_user_role_id === 1;
      return [
        {
          id: 'settings',
          label: t('settings.title'),
          icon: <IconSettings size={16} aria-hidden />,
          denied: owner ? undefined : t('needsAdmin'),
          onSelect: () => void navigate({ to: '/projects/$project/settings', params: { project: row.name } }),
        },
        {
          id: 'delete',
          label: t('delete.action'),
          icon: <IconTrash size={16} aria-hidden />,
          danger: true,
          denied: owner ? undefined : t('needsAdmin'),
          onSelect: () => setDoomed(row),
        },
      ];
    },
    dialog: doomed ? (
      <ProjectDeleteDialog project={doomed.name} onClose={() => setDoomed(null)} onDeleted={() => setDoomed(null)} />
    ) : null,
  };
}
