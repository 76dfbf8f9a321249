import { DeniedState, PageHeader, TabBar } from '@moorage/ui';
import { Outlet, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TabLink } from '../../shared/links.tsx';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { useRunLive } from '../../shared/job/use-run-live.ts';

/** What surrounds the pages about the work that goes on in the background. */
export function JobsFrame() {
  const { t } = useTranslation('job-monitor');
  const admin = useIsAdmin();
  const inside = useParams({ strict: false }).executionId !== undefined;
  useRunLive(admin ? 'all' : undefined, 'jobservice', 'schedule');
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        tabs={
          <TabBar label={t('title')}>
            <TabLink
              to="/jobs"
              activeOptions={{ exact: true, includeSearch: false }}
              aria-current={inside ? 'page' : undefined}
            >
              {t('tab.runs')}
            </TabLink>
            <TabLink to="/jobs/queues">{t('tab.queues')}</TabLink>
            <TabLink to="/jobs/schedules">{t('tab.schedules')}</TabLink>
            <TabLink to="/jobs/workers">{t('tab.workers')}</TabLink>
          </TabBar>
        }
      />
      {admin ? <Outlet /> : <DeniedState text={t('denied')} />}
    </>
  );
}
