import type { Label } from '@moorage/contracts';
import { ConfirmDestroy, toast } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useDeleteLabel } from './label.queries.ts';

/** Asks before a label comes off every artifact. */
export function LabelDeleteDialog(props: { label: Label; onClose: () => void }) {
  const { t } = useTranslation('label');
  const problem = useProblem();
  const remove = useDeleteLabel();
  const { name } = props.label;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('delete.title', { name })}
      action={t('delete.action')}
      consequences={[t('delete.goes'), t('delete.stays')]}
      failure={remove.error ? problem.text(remove.error) : null}
      onConfirm={async () => {
        await remove.mutateAsync(props.label);
        toast({ tone: 'success', message: t('delete.done', { name }) });
        props.onClose();
      }}
    />
  );
}
