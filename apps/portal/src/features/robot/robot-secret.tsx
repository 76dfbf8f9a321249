import { CopyCommand, SecretOnce, Stack, Text } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegistryPlace } from '../../shared/commands/client-command.tsx';
import { robotSnippets } from './robot-snippets.rules.ts';

/** A robot's name and secret, shown once, with snippets that work when pasted. */
export function RobotSecret(props: {
  robot: string;
  project: string | null;
  secret: string;
  saved: boolean;
  onSaved: (saved: boolean) => void;
}) {
  const { t } = useTranslation('robot');
  return (
    <Stack gap="lg">
      <SecretOnce
        rows={[
          { label: t('secret.name'), value: props.robot },
          { label: t('secret.secret'), value: props.secret },
        ]}
        file={{
          name: `${props.robot.replaceAll(/[^\w.-]+/g, '-')}.json`,
          content: `${JSON.stringify({ name: props.robot, secret: props.secret }, null, 2)}\n`,
        }}
        saved={props.saved}
        onSaved={props.onSaved}
      />
      <div>
        <Text fw={600} mb={6}>
          {t('snippets.title')}
        </Text>
        <RobotSnippets robot={props.robot} project={props.project} secret={props.secret} />
      </div>
    </Stack>
  );
}

/** The same without the secret: it is asked for or taken from the CI's own store. */
export function RobotSnippets(props: { robot: string; project: string | null; secret: string | null }) {
  const { t } = useTranslation('robot');
  const place = useRegistryPlace();
  const [shown, setShown] = useState('docker');
  const snippets = robotSnippets({ ...props, place });
  const current = snippets.find((snippet) => snippet.id === shown) ?? snippets[0];
  return (
    <div>
      <CopyCommand label={t('snippets.title')} variants={snippets} selected={shown} onSelect={setShown} />
      {current?.needs ? (
        <Text size="sm" c="dimmed" mt={8}>
          {t(`snippets.${current.needs}`)}
        </Text>
      ) : null}
    </div>
  );
}
