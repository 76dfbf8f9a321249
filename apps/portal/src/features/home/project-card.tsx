import type { Project } from '@moorage/contracts';
import { Bytes, IconLock, IconWorld, Text, TimeAgo } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { CardLink } from '../../shared/links.tsx';
import classes from './home.module.css';

/** A project in short. */
export function ProjectCard(props: { project: Project }) {
  const { t } = useTranslation('home');
  const { project } = props;
  const isPublic = project.metadata.public === 'true';
  const Icon = isPublic ? IconWorld : IconLock;
  return (
    <CardLink to="/projects/$project" params={{ project: project.name }}>
      <span className={classes.cardHead}>
        <Text fw={600} truncate>
          {project.name}
        </Text>
        <Icon
          size={15}
          className={classes.cardIcon}
          aria-label={isPublic ? t('projects.public') : t('projects.private')}
        />
      </span>
      <Text size="sm" c="dimmed">
        {t('projects.repositories', { count: project.repo_count })} · <Bytes value={project.storage_used ?? 0} />
      </Text>
      <Text size="sm" c="dimmed">
        {project.last_push_time ? (
          <>
            {t('projects.pushed')} <TimeAgo value={project.last_push_time} />
          </>
        ) : (
          t('projects.neverPushed')
        )}
      </Text>
    </CardLink>
  );
}
