import { DeniedState, PageHeader, Panel } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { Link } from '../../shared/links.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { TokenTrial } from './token-trial.tsx';

/** Why the token of a job is, or is not, accepted by the saved rules of a project. */
export function TokenTrialPage() {
  const { t } = useTranslation('federation');
  const project = useProject();
  const { can, known } = useProjectAccess(project.project_id);
  useTitle(t('try.title'), project.name);
  if (!known) return null;
  if (!can('federation:create')) return <DeniedState text={t('create.denied')} />;
  return (
    <Panel title={t('try.title')}>
      <TokenTrial scope={project.name} draft={null} />
    </Panel>
  );
}

/** The same for the rules of the whole registry. */
export function SystemTokenTrialPage() {
  const { t } = useTranslation('federation');
  const admin = useIsAdmin();
  useTitle(t('try.title'));
  if (!admin) return <DeniedState text={t('systemDenied')} />;
  return (
    <>
      <PageHeader trail={<Link to="/federation">{t('title')}</Link>} title={t('try.title')} />
      <Panel>
        <TokenTrial scope={null} draft={null} />
      </Panel>
    </>
  );
}
