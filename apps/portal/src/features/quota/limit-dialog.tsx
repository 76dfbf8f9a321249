import type { Quota } from '@moorage/contracts';
import { Text, toast, useUi } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { StorageLimitField } from '../../shared/form/storage-limit-field.tsx';
import { useSetLimit } from './quota.queries.ts';

/** Changes how much a project may hold; warns when it holds more already. */
export function LimitDialog(props: { quota: Quota; onClose: () => void }) {
  const { t } = useTranslation('quota');
  const ui = useUi();
  const problem = useProblem();
  const change = useSetLimit();
  const { quota } = props;
  const [storage, setStorage] = useState(quota.hard.storage);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { quota, storage },
      {
        onSuccess: () => {
          toast({ tone: 'success', message: t('edit.done', { name: quota.ref.name }) });
          props.onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('edit.title', { name: quota.ref.name })}
      submitLabel={t('edit.submit')}
      busy={change.isPending}
      failure={change.error ? problem.text(change.error) : null}
      onClose={props.onClose}
      onSubmit={submit}
    >
      <Text size="sm">{t('edit.used', { used: ui.bytes(quota.used.storage) })}</Text>
      <StorageLimitField label={t('column.limit')} value={storage} onChange={(bytes) => setStorage(bytes ?? -1)} />
      {storage >= 0 && storage < quota.used.storage ? (
        <Text size="sm" role="status">
          {t('edit.below')}
        </Text>
      ) : null}
    </FormDialog>
  );
}
