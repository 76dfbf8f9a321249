import { deleteCliSecret, setCliSecret, type User } from '@moorage/contracts';
import { Button, FormActions, FormSection, SecretOnce, Stack, Text, toast } from '@moorage/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { ClientCommand, useRegistryPlace } from '../../shared/commands/client-command.tsx';
import { loginCommands } from '../../shared/commands/image-commands.rules.ts';
import { Failure } from '../../shared/form/failure.tsx';

/** The password of command lines for people who sign in through a provider: made here, shown once. */
export function CliSecretSection(props: { user: User }) {
  const { t } = useTranslation('profile');
  const problem = useProblem();
  const { user } = props;
  const has = user.oidc_user_meta?.cli_secret_set === true;
  const { make, remove } = useCliSecret(user);
  const secret = make.data?.secret;
  const error = make.error ?? remove.error;
  return (
    <FormSection title={t('secret.title')} description={t('secret.text')}>
      <Stack gap="md">
        {secret === undefined ? (
          <>
            <Text size="sm">{has ? t('secret.has') : t('secret.none')}</Text>
            <FormActions>
              <Button variant={has ? 'default' : 'filled'} loading={make.isPending} onClick={() => make.mutate()}>
                {has ? t('secret.renew') : t('secret.make')}
              </Button>
              {has ? (
                <Button
                  color="red"
                  variant="outline"
                  loading={remove.isPending}
                  onClick={() =>
                    remove.mutate(undefined, {
                      onSuccess: () => toast({ tone: 'success', message: t('secret.removed') }),
                    })
                  }
                >
                  {t('secret.remove')}
                </Button>
              ) : null}
            </FormActions>
          </>
        ) : (
          <MadeSecret username={user.username} secret={secret} onDone={() => make.reset()} />
        )}
        <Failure text={error ? problem.text(error) : null} />
      </Stack>
    </FormSection>
  );
}

function useCliSecret(user: User) {
  const queries = useQueryClient();
  const params = { user_id: user.user_id };
  const onSuccess = () => refreshRooms(queries, 'session', 'user');
  const make = useMutation({
    mutationFn: async () => (await call(setCliSecret, { params, body: {} })).data,
    onSuccess,
    gcTime: 0,
  });
  const remove = useMutation({ mutationFn: () => call(deleteCliSecret, { params }), onSuccess });
  return { make, remove };
}

function MadeSecret(props: { username: string; secret: string; onDone: () => void }) {
  const { t } = useTranslation('profile');
  const place = useRegistryPlace();
  const [saved, setSaved] = useState(false);
  return (
    <>
      <SecretOnce
        rows={[
          { label: t('secret.username'), value: props.username },
          { label: t('secret.secret'), value: props.secret },
        ]}
        file={{
          name: 'moorage-cli-secret.json',
          content: `${JSON.stringify({ username: props.username, secret: props.secret }, null, 2)}\n`,
        }}
        saved={saved}
        onSaved={setSaved}
      />
      <ClientCommand label={t('commandLine.title')} variants={loginCommands(place, props.username, props.secret)} />
      <FormActions>
        <Button onClick={props.onDone} disabled={!saved}>
          {t('secret.done')}
        </Button>
      </FormActions>
    </>
  );
}
