import { DeniedState, PageHeader } from '@moorage/ui';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { Link } from '../../shared/links.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { RobotWizard } from './robot-wizard.tsx';

/** Makes a robot of a project. */
export function ProjectRobotWizardPage() {
  const { t } = useTranslation('robot');
  const project = useProject();
  const navigate = useNavigate();
  const { can, known } = useProjectAccess(project.project_id);
  useTitle(t('create.title'), project.name);
  if (!known) return null;
  if (!can('robot:create')) return <DeniedState text={t('create.denied')} />;
  return (
    <RobotWizard
      project={project.name}
      onLeave={() => void navigate({ to: '/projects/$project/robots', params: { project: project.name } })}
    />
  );
}

/** Makes a robot of the system. */
export function SystemRobotWizardPage() {
  const { t } = useTranslation('robot');
  const navigate = useNavigate();
  const admin = useIsAdmin();
  useTitle(t('create.title'));
  if (!admin) return <DeniedState text={t('systemDenied')} />;
  return (
    <>
      <PageHeader trail={<Link to="/robots">{t('title')}</Link>} title={t('create.title')} />
      <RobotWizard project={null} onLeave={() => void navigate({ to: '/robots' })} />
    </>
  );
}
