import { Space, TabBar } from '@moorage/ui';
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { TabLink } from '../../shared/links.tsx';
import { useProject } from '../../shared/project/project.queries.ts';

/** What surrounds the rules of a project about its tags. */
export function PoliciesFrame() {
  const { t } = useTranslation('project');
  const project = useProject();
  const { can } = useProjectAccess(project.project_id);
  const params = { project: project.name };
  return (
    <>
      <TabBar label={t('policies.label')}>
        {can('tag-retention:list') ? (
          <TabLink to="/projects/$project/policies/retention" params={params}>
            {t('policies.retention')}
          </TabLink>
        ) : null}
        {can('immutable-tag:list') ? (
          <TabLink to="/projects/$project/policies/immutability" params={params}>
            {t('policies.immutability')}
          </TabLink>
        ) : null}
      </TabBar>
      <Space h="md" />
      <Outlet />
    </>
  );
}
