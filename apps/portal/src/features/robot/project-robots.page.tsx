import { DeniedState, EmptyState, IconPlus, IconRobot, Text, useShortcut } from '@moorage/ui';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { ButtonLink } from '../../shared/links.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { RobotTable } from './robot-table.tsx';

/** What CI uses to reach a project. */
export function ProjectRobotsPage() {
  const { t } = useTranslation('robot');
  const project = useProject();
  const navigate = useNavigate();
  const { can, known } = useProjectAccess(project.project_id);
  const search = useSearch({ from: '/app/projects/$project/robots' });
  const mayCreate = can('robot:create');
  useTitle(t('title'), project.name);
  useShortcut(
    'KeyC',
    () => void navigate({ to: '/projects/$project/robots/new', params: { project: project.name } }),
    mayCreate,
  );
  if (!known) return null;
  if (!can('robot:list')) return <DeniedState text={t('denied')} />;
  const create = mayCreate ? (
    <ButtonLink
      to="/projects/$project/robots/new"
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
      <Text size="sm" c="dimmed" mb="sm">
        {t('projectDescription')}
      </Text>
      <RobotTable
        project={{ name: project.name, id: project.project_id }}
        search={search}
        rights={{ change: can('robot:update'), remove: can('robot:delete') }}
        denied={t('denied')}
        tools={create}
        empty={
          search.q === undefined ? (
            <EmptyState icon={<IconRobot size={28} />} title={t('empty')} text={t('emptyText')}>
              {create}
            </EmptyState>
          ) : (
            <EmptyState title={t('noMatch')} text={t('noMatchText')} />
          )
        }
      />
    </>
  );
}
