import { DeniedState, PageSkeleton } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { policyQuery } from './retention.queries.ts';

const Builder = lazyPart(() => import('./builder.tsx'), 'Builder');

/** The rules of a project's retention, beside what they would keep and delete at this moment. */
export function RetentionBuilderPage() {
  const { t } = useTranslation('retention');
  const project = useProject();
  const { can, known } = useProjectAccess(project.project_id);
  const { data: policy, error, refetch } = useLoad(policyQuery(project.name));
  useTitle(t('builder.title'), project.name);
  if (error) return <PageProblem error={error} onRetry={refetch} denied={t('denied')} />;
  if (!known || policy === undefined) return <PageSkeleton />;
  if (!can('tag-retention:update')) return <DeniedState text={t('builder.denied')} />;
  return <Builder saved={policy} />;
}
