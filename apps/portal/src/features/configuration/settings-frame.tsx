import { PageHeader, TabBar } from '@moorage/ui';
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TabLink } from '../../shared/links.tsx';

/** What surrounds the pages of the installation's settings. */
export function SettingsFrame() {
  const { t } = useTranslation('configuration');
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        tabs={
          <TabBar label={t('title')}>
            <TabLink to="/settings" activeOptions={{ exact: true }}>
              {t('tab.general')}
            </TabLink>
            <TabLink to="/settings/auth">{t('tab.auth')}</TabLink>
            <TabLink to="/settings/egress">{t('tab.egress')}</TabLink>
            <TabLink to="/settings/labels">{t('tab.labels')}</TabLink>
          </TabBar>
        }
      />
      <Outlet />
    </>
  );
}
