import type { ArtifactHold } from '@moorage/contracts';
import { Text, Textarea, TextInput, toast } from '@moorage/ui';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../api/use-problem.ts';
import { FormDialog } from '../form/form-dialog.tsx';
import { type MarkedPlace, useHoldArtifact } from './marks.queries.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;

/** Locks an artifact until a day, or puts it under legal hold. Says before how it ends. */
export function HoldDialog(props: { place: MarkedPlace; kind: ArtifactHold['kind']; onClose: () => void }) {
  const { t } = useTranslation('marks');
  const problem = useProblem();
  const hold = useHoldArtifact(props.place);
  const { kind } = props;
  const [start] = useState(() => localMinute(new Date(Date.now() + DAYS * DAY_MS)));
  const { register, handleSubmit, formState } = useForm({ defaultValues: { until: start, reason: '' } });
  const submit = handleSubmit(async (draft) => {
    const until = kind === 'lock' ? { until: new Date(draft.until).toISOString() } : {};
    await hold.mutateAsync({ kind, reason: draft.reason.trim(), ...until }).then(
      () => {
        toast({ tone: 'success', message: t(`hold.${kind}.done`) });
        props.onClose();
      },
      // Shown below the fields.
      () => undefined,
    );
  });
  return (
    <FormDialog
      title={t(`hold.${kind}.title`)}
      submitLabel={t(`hold.${kind}.action`)}
      busy={hold.isPending}
      failure={hold.error ? problem.text(hold.error) : null}
      onClose={props.onClose}
      onSubmit={(event) => void submit(event)}
    >
      <Text size="sm">{t(`hold.${kind}.text`)}</Text>
      {kind === 'lock' ? (
        <TextInput
          type="datetime-local"
          label={t('hold.lock.until')}
          error={formState.errors.until?.message}
          {...register('until', {
            validate: (text) => new Date(text).getTime() > Date.now() || t('hold.lock.past'),
          })}
        />
      ) : null}
      <Textarea
        label={t('hold.reason')}
        description={t('hold.reasonHelp')}
        autosize
        minRows={2}
        maxLength={1024}
        data-autofocus
        error={formState.errors.reason?.message}
        {...register('reason', { validate: (text) => text.trim() !== '' || t('hold.reasonMissing') })}
      />
    </FormDialog>
  );
}

/** A moment as the browser's field for local date and time writes it. */
function localMinute(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
