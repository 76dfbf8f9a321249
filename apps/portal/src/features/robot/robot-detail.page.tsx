import { DeniedState, PageHeader } from '@moorage/ui';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { Link } from '../../shared/links.tsx';
import { useProject } from '../../shared/project/project.queries.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { RobotDetail } from './robot-detail.tsx';

/** A robot of a project. */
export function ProjectRobotPage() {
  const { t } = useTranslation('robot');
  const { robotId } = useParams({ from: '/app/projects/$project/robots/$robotId' });
  const project = useProject();
  const navigate = useNavigate();
  const { can, known } = useProjectAccess(project.project_id);
  if (!known) return null;
  if (!can('robot:read')) return <DeniedState text={t('denied')} />;
  return (
    <RobotDetail
      id={Number(robotId)}
      rights={{ change: can('robot:update'), remove: can('robot:delete') }}
      onGone={() => void navigate({ to: '/projects/$project/robots', params: { project: project.name } })}
    />
  );
}

/** A robot of the system. */
export function SystemRobotPage() {
  const { t } = useTranslation('robot');
  const { robotId } = useParams({ from: '/app/signed-in/robots/$robotId' });
  const navigate = useNavigate();
  const admin = useIsAdmin();
  return (
    <>
      <PageHeader trail={<Link to="/robots">{t('title')}</Link>} title={t('detail.title')} />
      <RobotDetail
        id={Number(robotId)}
        rights={{ change: admin, remove: admin }}
        onGone={() => void navigate({ to: '/robots' })}
      />
    </>
  );
}
