import { getLogExts } from '@moorage/contracts';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { AuditTable } from './audit-table.tsx';
import { OPERATIONS } from './operations.ts';

/** What was done in a project. */
export function ProjectActivityPage() {
  const { t } = useTranslation('audit');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/activity' });
  useTitle(t('activity'), project.name);
  return (
    <AuditTable
      search={search}
      source={(query) => listQuery(getLogExts, { params: { project_name: project.name }, query })}
      operations={OPERATIONS}
      denied={t('projectDenied')}
    />
  );
}
