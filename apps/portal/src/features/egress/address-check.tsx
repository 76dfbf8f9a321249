import { checkEgress, type EgressCheck } from '@moorage/contracts';
import { Button, IconCircleCheck, IconCircleX, TextInput } from '@moorage/ui';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../shared/api/client.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import classes from './egress.module.css';
import { ReasonText } from './reason-text.tsx';

/** Asks whether the present settings let the server call an address. Nothing is sent there. */
export function AddressCheck() {
  const { t } = useTranslation('egress');
  const problem = useProblem();
  const [url, setUrl] = useState('');
  const check = useMutation({ mutationFn: async () => (await call(checkEgress, { body: { url: url.trim() } })).data });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (url.trim() !== '') check.mutate();
  };
  return (
    <form onSubmit={submit} className={classes.check}>
      <TextInput
        className={classes.address}
        label={t('check.address')}
        description={t('check.help')}
        placeholder="https://idp.example.com"
        autoComplete="off"
        spellCheck={false}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={check.isPending} disabled={url.trim() === ''}>
        {t('check.action')}
      </Button>
      <Failure text={check.error ? problem.text(check.error) : null} />
      <div role="status" className={classes.answer}>
        {check.data === undefined ? null : <Answer answer={check.data} />}
      </div>
    </form>
  );
}

function Answer(props: { answer: EgressCheck }) {
  const { t } = useTranslation('egress');
  const { answer } = props;
  const place = `${answer.host}:${answer.port}`;
  return (
    <>
      <Line allowed={answer.allowed}>
        {answer.allowed ? t('check.allowed', { place }) : t('check.refused', { place })}{' '}
        {answer.reason === undefined ? null : <ReasonText reason={answer.reason} />}
      </Line>
      {answer.addresses.map((entry) => (
        <Line key={entry.address} allowed={entry.allowed}>
          <code>{entry.address}</code> {entry.reason === undefined ? null : <ReasonText reason={entry.reason} />}
        </Line>
      ))}
    </>
  );
}

function Line(props: { allowed: boolean; children: ReactNode }) {
  const { t } = useTranslation('egress');
  const Sign = props.allowed ? IconCircleCheck : IconCircleX;
  return (
    <p className={classes.line} data-allowed={props.allowed}>
      <Sign size={18} aria-label={props.allowed ? t('check.yes') : t('check.no')} />
      <span>{props.children}</span>
    </p>
  );
}
