import { Button, CodeBlock, Fields, FormActions, QrCode, Text, TextInput, useUi } from '@moorage/ui';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { PasswordStep } from './password-step.tsx';
import { useBeginTotp, useConfirmTotp } from './second-factor.queries.ts';
import classes from './second-factor.module.css';

/** One-time passwords: the password, then the code to scan, then the first code of the app. */
export function TotpSteps(props: { onDone: (codes: readonly string[]) => void; onClose: () => void }) {
  const { t } = useTranslation('second-factor');
  const problem = useProblem();
  const begin = useBeginTotp();
  if (begin.data !== undefined) return <ConfirmStep offer={begin.data} {...props} />;
  return (
    <PasswordStep
      text={t('app.how')}
      submitLabel={t('password.continue')}
      busy={begin.isPending}
      error={begin.error}
      failure={begin.error ? problem.text(begin.error) : null}
      onClose={props.onClose}
      onSubmit={(password) => begin.mutate(password)}
    />
  );
}

function ConfirmStep(props: {
  offer: { readonly secret: string; readonly uri: string };
  onDone: (codes: readonly string[]) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation('second-factor');
  const { text } = useUi();
  const problem = useProblem();
  const confirm = useConfirmTotp();
  const { register, handleSubmit, formState } = useForm({ defaultValues: { code: '' } });
  const submit = handleSubmit(({ code }) =>
    confirm.mutate(code.replaceAll(' ', ''), { onSuccess: (codes) => props.onDone(codes) }),
  );
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Fields>
        <Text size="sm">{t('app.scan')}</Text>
        <div className={classes.qr}>
          <QrCode text={props.offer.uri} label={t('app.qr')} />
        </div>
        <Text size="sm">{t('app.typed')}</Text>
        <CodeBlock label={t('app.secret')} code={props.offer.secret} />
        <TextInput
          label={t('app.code')}
          data-autofocus
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          error={formState.errors.code?.message}
          {...register('code', { validate: (value) => /^\d{6}$/.test(value.replaceAll(' ', '')) || t('app.codeRule') })}
        />
        <Failure text={confirm.error ? problem.text(confirm.error) : null} />
        <FormActions>
          <Button type="submit" loading={confirm.isPending}>
            {t('app.confirm')}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {text.actions.cancel}
          </Button>
        </FormActions>
      </Fields>
    </form>
  );
}
