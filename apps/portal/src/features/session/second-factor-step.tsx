import { type ApiError, finishSignIn, getPendingLogin, requestPasskey } from '@moorage/contracts';
import { Button, Stack, Text, TextInput } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { callAsIs } from '../../shared/api/client.ts';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { passkeysWork, provePasskey } from '../../shared/webauthn/passkey.ts';

type Proof = { readonly code: string } | { readonly recovery_code: string } | { readonly passkey: object };

/** The password was right; this proves the second factor: an app's code, a passkey, or a recovery code. */
export function SecondFactorStep(props: { onSignedIn: () => void; onStartOver: () => void }) {
  const { t } = useTranslation('session');
  const { methods, failure, busy, send, usePasskey } = useProof(props);
  const [recovering, setRecovering] = useState(false);
  const byCode = methods.includes('totp') && !recovering;
  return (
    <Stack gap="md">
      <Text size="sm">{t('factor.text')}</Text>
      {methods.includes('passkey') && passkeysWork() ? (
        <Button variant={byCode ? 'default' : 'filled'} size="md" loading={busy} onClick={() => void usePasskey()}>
          {t('factor.passkey')}
        </Button>
      ) : null}
      {byCode ? <CodeForm key="code" kind="code" busy={busy} onSend={(code) => void send({ code })} /> : null}
      {recovering ? (
        <CodeForm key="recovery" kind="recovery" busy={busy} onSend={(text) => void send({ recovery_code: text })} />
      ) : null}
      <Failure text={failure} />
      <Stack gap={4}>
        {methods.includes('recovery_code') ? (
          <Button variant="subtle" size="xs" onClick={() => setRecovering(!recovering)}>
            {recovering ? t('factor.useCode') : t('factor.useRecovery')}
          </Button>
        ) : null}
        <Button variant="subtle" size="xs" onClick={props.onStartOver}>
          {t('factor.startOver')}
        </Button>
      </Stack>
    </Stack>
  );
}

function useProof(props: { onSignedIn: () => void }) {
  const { t } = useTranslation('session');
  const problem = useProblem();
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { data } = useQuery({
    queryKey: ['session', 'pending-login'],
    queryFn: async ({ signal }) => (await callAsIs(getPendingLogin, { signal })).data,
    staleTime: 0,
    retry: false,
  });
  const attempt = async (prove: () => Promise<Proof | null>) => {
    setFailure(null);
    setBusy(true);
    try {
      const proof = await prove();
      if (proof === null) setFailure(t('factor.noPasskey'));
      else {
        await callAsIs(finishSignIn, { body: proof as never });
        props.onSignedIn();
      }
    } catch (error) {
      setFailure(isStatus(error, 401) ? t('factor.wrong') : problem.text(error as ApiError));
    } finally {
      setBusy(false);
    }
  };
  return {
    methods: data?.methods ?? [],
    failure,
    busy,
    send: (proof: Proof) => attempt(() => Promise.resolve(proof)),
    usePasskey: () =>
      attempt(async () => {
        const { data: request } = await callAsIs(requestPasskey, { body: {} });
        const passkey = await provePasskey(request.options);
        return passkey === null ? null : { passkey };
      }),
  };
}

function CodeForm(props: { kind: 'code' | 'recovery'; busy: boolean; onSend: (text: string) => void }) {
  const { t } = useTranslation('session');
  const { register, handleSubmit, formState } = useForm({ defaultValues: { text: '' } });
  const submit = handleSubmit(({ text }) => props.onSend(text.replaceAll(' ', '')));
  const isCode = props.kind === 'code';
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <TextInput
          label={t(`factor.${props.kind}`)}
          autoFocus
          inputMode={isCode ? 'numeric' : 'text'}
          autoComplete={isCode ? 'one-time-code' : 'off'}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={32}
          error={formState.errors.text?.message}
          {...register('text', {
            validate: (value) =>
              isCode
                ? /^\d{6}$/.test(value.replaceAll(' ', '')) || t('factor.codeRule')
                : value.trim() !== '' || t('factor.codeMissing'),
          })}
        />
        <Button type="submit" size="md" loading={props.busy} fullWidth>
          {t('submit')}
        </Button>
      </Stack>
    </form>
  );
}
