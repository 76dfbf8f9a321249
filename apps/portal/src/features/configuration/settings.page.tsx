import { PageSkeleton } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useConfiguration } from './configuration.queries.ts';
import { SettingsForm } from './settings-form.tsx';

/** How the installation behaves. */
export function SettingsPage() {
  const { t } = useTranslation('configuration');
  const { data, error, refetch } = useConfiguration();
  useTitle(t('title'));
  if (data === undefined) {
    return error ? <PageProblem error={error} onRetry={() => void refetch()} denied={t('denied')} /> : <PageSkeleton />;
  }
  return <SettingsForm saved={data.values} pinned={data.pinned} />;
}
