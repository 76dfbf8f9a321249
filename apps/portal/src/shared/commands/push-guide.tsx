import { Stack, Text } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '../session/session.queries.ts';
import { ClientCommand, useRegistryPlace } from './client-command.tsx';
import { loginCommands, pushCommands } from './image-commands.rules.ts';

/** Sign in with a client, then push: two pasted commands with the real host, user and project. */
export function PushGuide(props: { project: string; repository?: string; brief?: boolean }) {
  const { t } = useTranslation('shared');
  const place = useRegistryPlace();
  const user = useCurrentUser();
  const target = { repository: `${props.project}/${props.repository ?? 'my-app'}`, tag: 'latest' };
  return (
    <Stack gap="md">
      {props.brief || user === null ? null : (
        <div>
          <Text fw={600} mb={6}>
            {t('commands.signInStep')}
          </Text>
          <ClientCommand label={t('commands.signInStep')} variants={loginCommands(place, user.username)} />
        </div>
      )}
      <div>
        {props.brief ? null : (
          <Text fw={600} mb={6}>
            {t('commands.pushStep')}
          </Text>
        )}
        <ClientCommand label={t('commands.push')} variants={pushCommands(place, target)} />
      </div>
    </Stack>
  );
}
