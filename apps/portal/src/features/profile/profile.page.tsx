import { PageHeader, TabBar } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TabLink } from '../../shared/links.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useCurrentUser } from '../../shared/session/session.queries.ts';
import { CommandLineSection } from './command-line-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { PreferencesView } from './preferences-view.tsx';
import { ProfileSection } from './profile-section.tsx';

/** My access and how the portal looks to me. */
export function ProfilePage() {
  const { t } = useTranslation('profile');
  const { tab } = useSearch({ from: '/app/signed-in/me' });
  const user = useCurrentUser();
  useTitle(t('title'));
  if (user === null) return null;
  const exact = { includeSearch: true, explicitUndefined: true };
  return (
    <>
      <PageHeader
        title={user.username}
        description={user.email}
        tabs={
          <TabBar label={t('title')}>
            <TabLink to="/me" search={{ tab: undefined }} activeOptions={exact}>
              {t('tab.profile')}
            </TabLink>
            <TabLink to="/me" search={{ tab: 'preferences' }} activeOptions={exact}>
              {t('tab.preferences')}
            </TabLink>
          </TabBar>
        }
      />
      {tab === 'preferences' ? (
        <PreferencesView />
      ) : (
        <>
          <ProfileSection user={user} />
          <PasswordSection user={user} />
          <CommandLineSection user={user} />
        </>
      )}
    </>
  );
}
