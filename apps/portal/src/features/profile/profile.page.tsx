import { useTranslation } from 'react-i18next';
import { useTitle } from '../../shared/page/use-title.ts';
import { useCurrentUser } from '../../shared/session/session.queries.ts';
import { PasswordSection } from './password-section.tsx';
import { ProfileSection } from './profile-section.tsx';

/** Who I am here, and my password. */
export function ProfilePage() {
  const { t } = useTranslation('profile');
  const user = useCurrentUser();
  useTitle(t('tab.profile'));
  if (user === null) return null;
  return (
    <>
      <ProfileSection user={user} />
      <PasswordSection user={user} />
    </>
  );
}
