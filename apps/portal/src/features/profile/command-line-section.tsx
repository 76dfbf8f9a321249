import type { User } from '@moorage/contracts';
import { FormSection } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { ClientCommand, useRegistryPlace } from '../../shared/commands/client-command.tsx';
import { loginCommands } from '../../shared/commands/image-commands.rules.ts';

/** How to sign in with a client, with the very name of the account. */
export function CommandLineSection(props: { user: User }) {
  const { t } = useTranslation('profile');
  const place = useRegistryPlace();
  return (
    <FormSection title={t('commandLine.title')} description={t('commandLine.text')}>
      <ClientCommand label={t('commandLine.title')} variants={loginCommands(place, props.user.username)} />
    </FormSection>
  );
}
