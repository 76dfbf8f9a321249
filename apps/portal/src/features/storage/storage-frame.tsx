import { DeniedState, PageHeader, TabBar } from '@moorage/ui';
import { Outlet, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TabLink } from '../../shared/links.tsx';
import { useIsAdmin } from '../../shared/session/session.queries.ts';

/** What surrounds the pages about the bytes of the installation. */
export function StorageFrame() {
  const { t } = useTranslation('storage');
  const admin = useIsAdmin();
  const inside = useParams({ strict: false }).gcId !== undefined;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        tabs={
          admin ? (
            <TabBar label={t('title')}>
              <TabLink
                to="/storage"
                activeOptions={{ exact: true, includeSearch: false }}
                aria-current={inside ? 'page' : undefined}
              >
                {t('tab.collections')}
              </TabLink>
              <TabLink to="/storage/checks">{t('tab.checks')}</TabLink>
            </TabBar>
          ) : undefined
        }
      />
      {admin ? <Outlet /> : <DeniedState text={t('denied')} />}
    </>
  );
}
