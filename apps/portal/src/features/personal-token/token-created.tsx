import { Button, CopyCommand, FormActions, Panel, SecretOnce, Stack, Text } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegistryPlace } from '../../shared/commands/client-command.tsx';
import { useCurrentUser } from '../../shared/session/session.queries.ts';
import { tokenSnippets } from './token-snippets.rules.ts';

/** The token, once, with commands that use it. */
export function TokenCreated(props: { token: { readonly name: string; readonly token: string }; onDone: () => void }) {
  const { t } = useTranslation('personal-token');
  const { name, token } = props.token;
  const username = useCurrentUser()?.username ?? '';
  const place = useRegistryPlace();
  const [saved, setSaved] = useState(false);
  const [shown, setShown] = useState('docker');
  return (
    <Panel title={t('created.title', { name })}>
      <Stack gap="lg">
        <SecretOnce
          rows={[
            { label: t('created.username'), value: username },
            { label: t('created.token'), value: token },
          ]}
          file={{
            name: `${name.replaceAll(/[^\w.-]+/g, '-')}.json`,
            content: `${JSON.stringify({ username, token }, null, 2)}\n`,
          }}
          saved={saved}
          onSaved={setSaved}
        />
        <div>
          <Text fw={600} mb={6}>
            {t('created.use')}
          </Text>
          <CopyCommand
            label={t('created.use')}
            variants={tokenSnippets({ place, origin: location.origin, username, token })}
            selected={shown}
            onSelect={setShown}
          />
        </div>
        <FormActions>
          <Button onClick={props.onDone} disabled={!saved}>
            {t('created.done')}
          </Button>
        </FormActions>
      </Stack>
    </Panel>
  );
}
