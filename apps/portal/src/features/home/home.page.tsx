import { getChecklist, listAllRepositories, listProjects } from '@moorage/contracts';
import { CardGrid, EmptyState, IconBox, PageHeader, Panel, Stack, Text, TextSkeleton, TimeAgo } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { listQuery, objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { CardLink, Link } from '../../shared/links.tsx';
import { useLiveRefresh } from '../../shared/live/use-live-refresh.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';
import { useCurrentUser, useIsAdmin } from '../../shared/session/session.queries.ts';
import { FirstSteps } from './first-steps.tsx';
import { FirstUse } from './first-use.tsx';
import { Health } from './health.tsx';
import { HomeNumbers } from './home-numbers.tsx';
import { isDone } from './first-steps.rules.ts';
import { ProjectCard } from './project-card.tsx';
import { QuotaReminders } from './quota-reminders.tsx';
import { RobotReminders } from './robot-reminders.tsx';

const SHOWN = 6;

/** What do I do first, and after that: what is mine and what moved last? */
export function HomePage() {
  const { t } = useTranslation('home');
  const user = useCurrentUser();
  const admin = useIsAdmin();
  useTitle(t('title'));
  const checklist = useLoad(objectQuery(getChecklist, {}));
  const projects = useLoad(listQuery(listProjects, { query: { page_size: SHOWN, sort: '-last_push_time' } }));
  // A push into any of the shown projects ticks the list and moves the cards.
  useLiveRefresh(['user:me', ...(projects.data?.rows ?? []).map((project) => `project:${project.project_id}`)]);

  const steps = checklist.data;
  return (
    <>
      <PageHeader
        title={t('greeting', { name: user?.realname || user?.username || '' })}
        description={steps && !isDone(steps) ? t('textNew') : t('text')}
      />
      <Stack gap={20}>
        {checklist.error ? <PageProblem error={checklist.error} onRetry={checklist.refetch} /> : null}
        {steps && !isDone(steps) ? <FirstSteps steps={steps} project={projects.data?.rows[0]?.name ?? null} /> : null}
        {admin ? <FirstUse /> : null}
        <QuotaReminders />
        <RobotReminders />
        <HomeNumbers />
        {admin ? <Health /> : null}
        <Panel title={t('projects.title')} actions={<Link to="/projects">{t('all')}</Link>}>
          {projects.error ? (
            <PageProblem error={projects.error} onRetry={projects.refetch} />
          ) : projects.data === undefined ? (
            <TextSkeleton lines={4} />
          ) : projects.data.rows.length === 0 ? (
            <EmptyState title={t('projects.empty')} text={t('projects.emptyText')} />
          ) : (
            <CardGrid>
              {projects.data.rows.map((project) => (
                <ProjectCard key={project.project_id} project={project} />
              ))}
            </CardGrid>
          )}
        </Panel>
        <RecentRepositories />
      </Stack>
    </>
  );
}

function RecentRepositories() {
  const { t } = useTranslation('home');
  const { data, error, refetch } = useLoad(
    listQuery(listAllRepositories, { query: { page_size: SHOWN, sort: '-last_push_time' } }),
  );
  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (data === undefined || data.rows.length === 0) return null;
  return (
    <Panel title={t('repositories.title')}>
      <CardGrid>
        {data.rows.map((repository) => (
          <CardLink
            key={repository.id}
            to="/projects/$project/r/$repository"
            params={placeOfRepository(repository.name)}
          >
            <Text fw={600} truncate>
              <IconBox size={15} aria-hidden /> {repository.name}
            </Text>
            <Text size="sm" c="dimmed">
              {t('repositories.tags', { count: repository.tag_count ?? 0 })} ·{' '}
              <TimeAgo value={repository.last_push_time} />
            </Text>
          </CardLink>
        ))}
      </CardGrid>
    </Panel>
  );
}
