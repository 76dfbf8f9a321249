import { ApiError, signIn } from '@moorage/contracts';
import { Button, PasswordInput, Stack, TextInput } from '@moorage/ui';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../shared/form/failure.tsx';
import { callAsIs } from '../../shared/api/client.ts';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';

const SecondFactorStep = lazyPart(() => import('./second-factor-step.tsx'), 'SecondFactorStep');

interface Credentials {
  readonly principal: string;
  readonly password: string;
}

/** Name and password. With a fixed `name` it asks for the password only. */
export function SignInForm(props: { name?: string; onSignedIn: (username: string) => void }) {
  const { t } = useTranslation('session');
  const problem = useProblem();
  const [failure, setFailure] = useState<string | null>(null);
  const [halfway, setHalfway] = useState<string | null>(null);
  const { register, handleSubmit, formState, setFocus, resetField } = useForm<Credentials>({
    defaultValues: { principal: props.name ?? '', password: '' },
  });

  const submit = handleSubmit(async (credentials) => {
    setFailure(null);
    try {
      await callAsIs(signIn, { body: credentials });
      props.onSignedIn(credentials.principal);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'SECOND_FACTOR_REQUIRED') {
        setHalfway(credentials.principal);
        return;
      }
      setFailure(isStatus(error, 401) ? t('wrong') : problem.text(error));
      resetField('password');
      setFocus('password');
    }
  });

  if (halfway !== null) {
    return (
      <SecondFactorStep
        onSignedIn={() => props.onSignedIn(halfway)}
        onStartOver={() => {
          setHalfway(null);
          resetField('password');
        }}
      />
    );
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        {props.name === undefined ? (
          <TextInput
            label={t('name')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            error={formState.errors.principal?.message}
            {...register('principal', { required: t('nameMissing') })}
          />
        ) : null}
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          autoFocus={props.name !== undefined}
          visibilityToggleButtonProps={{ 'aria-label': t('showPassword'), tabIndex: 0 }}
          error={formState.errors.password?.message}
          {...register('password', { required: t('passwordMissing') })}
        />
        <Failure text={failure} />
        <Button type="submit" size="md" loading={formState.isSubmitting} fullWidth>
          {t('submit')}
        </Button>
      </Stack>
    </form>
  );
}
