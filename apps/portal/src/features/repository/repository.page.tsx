import { Button, IconTerminal2, IconTrash, PageHeader, PageSkeleton, TabBar } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { Link, TabLink } from '../../shared/links.tsx';
import { useLiveRefresh } from '../../shared/live/use-live-refresh.ts';
import { firstLine } from '../../shared/markdown/first-line.rules.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProjectIfKnown } from '../../shared/project/project.queries.ts';
import { type RepositoryPlace, repositoryQuery } from './repository.queries.ts';

import { TagsView } from './tags-view.tsx';

const ArtifactsView = lazyPart(() => import('./artifacts-view.tsx'), 'ArtifactsView');
const ActivityView = lazyPart(() => import('./activity-view.tsx'), 'ActivityView');
const RepositoryAbout = lazyPart(() => import('./repository-about.tsx'), 'RepositoryAbout');

const PushDialog = lazyPart(() => import('./push-dialog.tsx'), 'PushDialog');
const RemovalNotice = lazyPart(() => import('./removal-notice.tsx'), 'RemovalNotice');
const RepositoryDeleteDialog = lazyPart(() => import('./repository-delete-dialog.tsx'), 'RepositoryDeleteDialog');

/** A repository: its tags first, its artifacts beside them, what it is about. */
export function RepositoryPage() {
  const { t } = useTranslation('repository');
  const place = useParams({ from: '/app/projects/$project/r/$repository' });
  const { view } = useSearch({ from: '/app/projects/$project/r/$repository' });
  const project = useProjectIfKnown();
  const { can } = useProjectAccess(project?.project_id);
  const { data: repository, error, refetch } = useLoad(repositoryQuery(place));
  useTitle(place.repository, place.project);
  // New tags are announced by the list itself, so that rows do not jump.
  useLiveRefresh([`repository:${place.project}/${place.repository}`], ['artifact.pushed']);

  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (repository === undefined) return <PageSkeleton />;
  return (
    <>
      <PageHeader
        trail={<Trail place={place} />}
        title={place.repository}
        actions={<Actions place={place} mayPush={can('repository:push')} mayDelete={can('repository:delete')} />}
        description={firstLine(repository.description)}
        tabs={
          <TabBar label={t('view.label')}>
            <ViewTab place={place} view={undefined} label={t('view.tags')} count={repository.tag_count} />
            <ViewTab place={place} view="artifacts" label={t('view.artifacts')} />
            <ViewTab place={place} view="activity" label={t('view.activity')} />
            <ViewTab place={place} view="about" label={t('view.about')} />
          </TabBar>
        }
      />
      {can('artifact:delete') ? <RemovalNotice place={place} /> : null}
      {view === undefined ? <TagsView place={place} /> : null}
      {view === 'artifacts' ? <ArtifactsView place={place} /> : null}
      {view === 'activity' ? <ActivityView place={place} /> : null}
      {view === 'about' ? <RepositoryAbout place={place} repository={repository} /> : null}
    </>
  );
}

function Trail(props: { place: RepositoryPlace }) {
  const { t } = useTranslation('repository');
  const { project } = props.place;
  return (
    <>
      <Link to="/projects">{t('projects')}</Link>
      <span aria-hidden>/</span>
      <Link to="/projects/$project/repositories" params={{ project }}>
        {project}
      </Link>
    </>
  );
}

function ViewTab(props: {
  place: RepositoryPlace;
  view: 'artifacts' | 'activity' | 'about' | undefined;
  label: string;
  count?: number;
}) {
  return (
    <TabLink
      to="/projects/$project/r/$repository"
      params={{ ...props.place }}
      search={{ view: props.view }}
      activeOptions={{ includeSearch: true, explicitUndefined: true }}
      count={props.count}
    >
      {props.label}
    </TabLink>
  );
}

function Actions(props: { place: RepositoryPlace; mayPush: boolean; mayDelete: boolean }) {
  const { t } = useTranslation('repository');
  const navigate = useNavigate();
  const [pushing, setPushing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const { data: repository } = useQuery(repositoryQuery(props.place));
  const { project, repository: name } = props.place;
  return (
    <>
      {props.mayPush ? (
        <Button
          variant="default"
          leftSection={<IconTerminal2 size={16} aria-hidden />}
          onClick={() => setPushing(true)}
        >
          {t('push')}
        </Button>
      ) : null}
      {props.mayDelete ? (
        <Button
          variant="default"
          color="red"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => setDeleting(true)}
        >
          {t('delete.action')}
        </Button>
      ) : null}
      {pushing ? <PushDialog project={project} repository={name} onClose={() => setPushing(false)} /> : null}
      {deleting ? (
        <RepositoryDeleteDialog
          project={project}
          names={[name]}
          rows={repository ? [repository] : []}
          onClose={() => setDeleting(false)}
          onDone={() => void navigate({ to: '/projects/$project/repositories', params: { project } })}
        />
      ) : null}
    </>
  );
}
