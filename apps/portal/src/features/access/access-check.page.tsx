import { DeniedState, PageHeader, Text } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { AccessCheck } from './access-check.tsx';

/** Access to one project. */
export function ProjectAccessPage() {
  const { t } = useTranslation('access');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/access' });
  const { can, known } = useProjectAccess(project.project_id);
  useTitle(t('title'), project.name);
  if (!known) return null;
  if (!can('member:list')) return <DeniedState text={t('denied')} />;
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('description')}
      </Text>
      <AccessCheck project={project.name} search={search} denied={t('denied')} />
    </>
  );
}

/** Access to the installation itself. */
export function SystemAccessPage() {
  const { t } = useTranslation('access');
  const search = useSearch({ from: '/app/signed-in/access' });
  const admin = useIsAdmin();
  useTitle(t('title'));
  if (!admin) return <DeniedState text={t('systemDenied')} />;
  return (
    <>
      <PageHeader title={t('title')} description={t('systemDescription')} />
      <AccessCheck project={null} search={search} denied={t('systemDenied')} />
    </>
  );
}
