import type { Quota } from '@moorage/contracts';
import { NumberInput, Text, toast, useUi } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { StorageLimitField } from '../../shared/form/storage-limit-field.tsx';
import { type Limits, limitsOf, useSetLimits } from './quota.queries.ts';

/** Changes how much a project may hold; warns when it holds more already. */
export function LimitDialog(props: {
  quota: Pick<Quota, 'id' | 'ref' | 'hard' | 'soft' | 'used'>;
  onClose: () => void;
}) {
  const { t } = useTranslation('quota');
  const ui = useUi();
  const problem = useProblem();
  const { quota } = props;
  const change = useSetLimits(quota.id);
  const [limits, setLimits] = useState(() => limitsOf(quota));
  const set = (patch: Partial<Limits>) => setLimits((before) => ({ ...before, ...patch }));
  const tooLow =
    (limits.storage >= 0 && limits.storage < quota.used.storage) ||
    (limits.count >= 0 && limits.count < (quota.used.count ?? 0));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(limits, {
      onSuccess: () => {
        toast({ tone: 'success', message: t('edit.done', { name: quota.ref.name }) });
        props.onClose();
      },
    });
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
      <StorageLimitField
        label={t('column.limit')}
        value={limits.storage}
        onChange={(bytes) => set({ storage: bytes ?? -1 })}
      />
      <StorageLimitField
        label={t('soft.label')}
        defaultLabel={t('soft.setting')}
        value={limits.soft}
        onChange={(soft) => set({ soft })}
      />
      <NumberInput
        label={t('edit.count')}
        description={t('edit.countHelp')}
        min={1}
        allowDecimal={false}
        value={limits.count < 0 ? '' : limits.count}
        onChange={(value) => set({ count: value === '' ? -1 : Math.max(1, Number(value) || 1) })}
      />
      {tooLow ? (
        <Text size="sm" role="status">
          {t('edit.below')}
        </Text>
      ) : null}
    </FormDialog>
  );
}
