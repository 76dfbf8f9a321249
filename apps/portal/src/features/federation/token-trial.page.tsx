import { DeniedState, Panel } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
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
      <TokenTrial project={project.name} draft={null} />
    </Panel>
  );
}
