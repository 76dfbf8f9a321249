import { DeniedState, Text } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { useCurrentUser } from '../../shared/session/session.queries.ts';
import { LabelTable } from './label-table.tsx';

/** The labels a project has made for itself. */
export function ProjectLabelsPage() {
  const { t } = useTranslation('label');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/labels' });
  const user = useCurrentUser();
  const { can, known } = useProjectAccess(project.project_id);
  useTitle(t('title'), project.name);
  if (!known) return null;
  // Visitors of a public project may list its labels although nobody asked for their rights.
  if (user !== null && !can('label:list')) return <DeniedState text={t('denied')} />;
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('description')}
      </Text>
      <LabelTable
        scope={{ projectId: project.project_id, project: project.name }}
        search={search}
        why={can('label:create') ? null : t('needs.maintainer')}
      />
    </>
  );
}
