import { useTranslation } from 'react-i18next';
import { useTitle } from '../../shared/page/use-title.ts';
import { useCurrentUser } from '../../shared/session/session.queries.ts';
import { CommandLineSection } from './command-line-section.tsx';

/** How command lines sign in as me. */
export function CommandLinePage() {
  const { t } = useTranslation('profile');
  const user = useCurrentUser();
  useTitle(t('tab.commandLine'));
  return user === null ? null : <CommandLineSection user={user} />;
}
