import type { SecondFactors } from '@moorage/contracts';
import { Button, Fields, FormActions, Modal, SecretOnce, Stack, toast, useUi } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { PasswordStep } from './password-step.tsx';
import { useAddPasskey, useNewRecoveryCodes, useRemoveFactor } from './second-factor.queries.ts';
import { TotpSteps } from './totp-steps.tsx';

/** What was asked for with second factors. */
export type FactorTask =
  | { readonly kind: 'totp' | 'passkey' | 'codes' }
  | { readonly kind: 'remove'; readonly factor: SecondFactors['factors'][number] };

/** The dialog of a task: the password first, then what it is for, then recovery codes if there are new ones. */
export function FactorDialogs(props: { task: FactorTask; onClose: () => void }) {
  const { t } = useTranslation('second-factor');
  const { text } = useUi();
  const { task, onClose } = props;
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const finish = (made: readonly string[], message: string) => {
    toast({ tone: 'success', message });
    if (made.length > 0) setCodes(made);
    else onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={codes === null}
      title={codes === null ? t(`dialog.${task.kind}`) : t('recovery.title')}
      closeButtonProps={{ 'aria-label': text.actions.close }}
    >
      {codes === null ? (
        <TaskSteps task={task} onDone={finish} onClose={onClose} />
      ) : (
        <RecoveryCodes codes={codes} onClose={onClose} />
      )}
    </Modal>
  );
}

function TaskSteps(props: {
  task: FactorTask;
  onDone: (codes: readonly string[], message: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation('second-factor');
  const { task, onDone, onClose } = props;
  switch (task.kind) {
    case 'totp':
      return <TotpSteps onDone={(codes) => onDone(codes, t('app.done'))} onClose={onClose} />;
    case 'passkey':
      return <PasskeyStep onDone={(codes) => onDone(codes, t('passkey.done'))} onClose={onClose} />;
    case 'codes':
      return <CodesStep onDone={(codes) => onDone(codes, t('recovery.done'))} onClose={onClose} />;
    case 'remove':
      return <RemoveStep factorId={task.factor.id} onDone={() => onDone([], t('remove.done'))} onClose={onClose} />;
  }
}

interface StepProps {
  readonly onDone: (codes: readonly string[]) => void;
  readonly onClose: () => void;
}

function PasskeyStep({ onDone, onClose }: StepProps) {
  const { t } = useTranslation('second-factor');
  const problem = useProblem();
  const add = useAddPasskey();
  const [gaveUp, setGaveUp] = useState(false);
  return (
    <PasswordStep
      text={t('passkey.how')}
      nameLabel={t('passkey.name')}
      submitLabel={t('passkey.add')}
      busy={add.isPending}
      error={add.error}
      failure={gaveUp ? t('passkey.gaveUp') : add.error ? problem.text(add.error) : null}
      onClose={onClose}
      onSubmit={(password, name) => {
        setGaveUp(false);
        add.mutate({ password, name }, { onSuccess: (codes) => (codes === null ? setGaveUp(true) : onDone(codes)) });
      }}
    />
  );
}

function CodesStep({ onDone, onClose }: StepProps) {
  const { t } = useTranslation('second-factor');
  const problem = useProblem();
  const make = useNewRecoveryCodes();
  return (
    <PasswordStep
      text={t('recovery.how')}
      submitLabel={t('recovery.make')}
      busy={make.isPending}
      error={make.error}
      failure={make.error ? problem.text(make.error) : null}
      onClose={onClose}
      onSubmit={(password) => make.mutate(password, { onSuccess: onDone })}
    />
  );
}

function RemoveStep(props: { factorId: number; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation('second-factor');
  const problem = useProblem();
  const remove = useRemoveFactor(props.factorId);
  return (
    <PasswordStep
      text={t('remove.how')}
      submitLabel={t('remove.action')}
      danger
      busy={remove.isPending}
      error={remove.error}
      failure={remove.error ? problem.text(remove.error) : null}
      onClose={props.onClose}
      onSubmit={(password) => remove.mutate(password, { onSuccess: () => props.onDone() })}
    />
  );
}

function RecoveryCodes(props: { codes: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation('second-factor');
  const [saved, setSaved] = useState(false);
  const all = props.codes.join('\n');
  return (
    <Fields>
      <Stack gap="sm">
        <span>{t('recovery.once')}</span>
        <SecretOnce
          rows={[{ label: t('recovery.title'), value: all }]}
          file={{ name: 'moorage-recovery-codes.txt', content: `${all}\n` }}
          saved={saved}
          onSaved={setSaved}
        />
      </Stack>
      <FormActions>
        <Button onClick={props.onClose} disabled={!saved}>
          {t('recovery.finish')}
        </Button>
      </FormActions>
    </Fields>
  );
}
