import { PageHeader, TabBar } from '@moorage/ui';
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TabLink } from '../../shared/links.tsx';
import { useCurrentUser } from '../../shared/session/session.queries.ts';

/** What surrounds the pages about oneself: the account's name and its views. */
export function MyFrame() {
  const { t } = useTranslation('profile');
  const user = useCurrentUser();
  if (user === null) return null;
  return (
    <>
      <PageHeader
        title={user.username}
        description={user.email}
        tabs={
          <TabBar label={t('title')}>
            <TabLink to="/me/profile">{t('tab.profile')}</TabLink>
            <TabLink to="/me/cli">{t('tab.commandLine')}</TabLink>
            <TabLink to="/me/tokens">{t('tab.tokens')}</TabLink>
            <TabLink to="/me/sessions">{t('tab.sessions')}</TabLink>
            <TabLink to="/me/security">{t('tab.security')}</TabLink>
            <TabLink to="/me/preferences">{t('tab.preferences')}</TabLink>
          </TabBar>
        }
      />
      <Outlet />
    </>
  );
}
