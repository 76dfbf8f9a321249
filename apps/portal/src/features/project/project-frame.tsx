import { EmptyState, IconAnchor, PageHeader, PageSkeleton, TabBar, Text } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { roleOf } from '../../shared/access/roles.ts';
import { isMissing } from '../../shared/api/problem.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { ButtonLink, Link, TabLink } from '../../shared/links.tsx';
import { useLiveRefresh } from '../../shared/live/use-live-refresh.ts';
import { PageProblem, SignInOffer } from '../../shared/page/page-problem.tsx';
import { projectQuery, projectSummaryQuery, useProjectName } from '../../shared/project/project.queries.ts';
import { Visibility } from './use-project-columns.tsx';

/** What surrounds the pages of a project: its name, visibility and views. Follows the project live. */
export function ProjectFrame() {
  const { t } = useTranslation(['project', 'shared']);
  const name = useProjectName();
  const { data: project, error, refetch } = useLoad(projectQuery(name));
  useLiveRefresh(project ? [`project:${project.project_id}`] : []);

  if (error) {
    return isMissing(error) ? <ProjectMissing name={name} /> : <PageProblem error={error} onRetry={refetch} />;
  }
  if (project === undefined) return <PageSkeleton />;
  const role = roleOf(project.current_user_role_id);
  return (
    <>
      <PageHeader
        trail={<Link to="/projects">{t('list.title')}</Link>}
        title={project.name}
        badges={
          <>
            <Visibility isPublic={project.metadata.public === 'true'} />
            {role ? (
              <Text span size="sm" c="dimmed">
                {t('yourRole', { role: t(`shared:role.${role}.name`) })}
              </Text>
            ) : null}
          </>
        }
        tabs={<ProjectTabs name={name} projectId={project.project_id} />}
      />
      <Outlet />
    </>
  );
}

function ProjectTabs(props: { name: string; projectId: number }) {
  const { t } = useTranslation('project');
  const { can } = useProjectAccess(props.projectId);
  const { data: summary } = useQuery(projectSummaryQuery(props.name));
  const params = { project: props.name };
  return (
    <TabBar label={t('tab.label')}>
      <TabLink to="/projects/$project" params={params} activeOptions={{ exact: true }}>
        {t('tab.overview')}
      </TabLink>
      <TabLink to="/projects/$project/repositories" params={params} count={summary?.repo_count}>
        {t('tab.repositories')}
      </TabLink>
      {can('member:list') ? (
        <TabLink to="/projects/$project/members" params={params}>
          {t('tab.members')}
        </TabLink>
      ) : null}
      {can('robot:list') ? (
        <TabLink to="/projects/$project/robots" params={params}>
          {t('tab.robots')}
        </TabLink>
      ) : null}
      {can('federation:list') ? (
        <TabLink to="/projects/$project/federation" params={params}>
          {t('tab.federation')}
        </TabLink>
      ) : null}
      {can('label:list') ? (
        <TabLink to="/projects/$project/labels" params={params}>
          {t('tab.labels')}
        </TabLink>
      ) : null}
      {can('immutable-tag:list') || can('tag-retention:list') ? (
        <TabLink to="/projects/$project/policies" params={params}>
          {t('tab.policies')}
        </TabLink>
      ) : null}
      {can('quota:read') ? (
        <TabLink to="/projects/$project/storage" params={params}>
          {t('tab.storage')}
        </TabLink>
      ) : null}
      {can('log:list') ? (
        <TabLink to="/projects/$project/activity" params={params}>
          {t('tab.activity')}
        </TabLink>
      ) : null}
      {can('trash:list') ? (
        <TabLink to="/projects/$project/trash" params={params}>
          {t('tab.trash')}
        </TabLink>
      ) : null}
      {can('configuration:read') ? (
        <TabLink to="/projects/$project/settings" params={params}>
          {t('tab.settings')}
        </TabLink>
      ) : null}
    </TabBar>
  );
}

/** Also the answer for a private project one may not see: it does not tell that it exists. */
function ProjectMissing(props: { name: string }) {
  const { t } = useTranslation('project');
  return (
    <EmptyState
      icon={<IconAnchor size={26} />}
      title={t('missing.title', { name: props.name })}
      text={t('missing.text')}
    >
      <ButtonLink to="/projects" look="primary">
        {t('missing.up')}
      </ButtonLink>
      <SignInOffer />
    </EmptyState>
  );
}
