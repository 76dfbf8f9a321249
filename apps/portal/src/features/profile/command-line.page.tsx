import { useTranslation } from 'react-i18next';
import { useTitle } from '../../shared/page/use-title.ts';
import { useCurrentUser } from '../../shared/session/session.queries.ts';
import { CliSecretSection } from './cli-secret-section.tsx';
import { CommandLineSection } from './command-line-section.tsx';

/** How command lines sign in as me. */
export function CommandLinePage() {
  const { t } = useTranslation('profile');
  const user = useCurrentUser();
  useTitle(t('tab.commandLine'));
  if (user === null) return null;
  return (
    <>
      <CommandLineSection user={user} />
      {user.oidc_user_meta === undefined ? null : <CliSecretSection user={user} />}
    </>
  );
}
