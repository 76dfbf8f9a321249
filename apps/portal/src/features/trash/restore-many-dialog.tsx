import type { TrashItem } from '@moorage/contracts';
import { Text, toast } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { useRestoreMany } from './trash.queries.ts';

/** Restores several things; tags that are taken meanwhile stay as they are. */
export function RestoreManyDialog(props: { items: readonly TrashItem[]; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('trash');
  const problem = useProblem();
  const restore = useRestoreMany();
  const { items } = props;
  const [failure, setFailure] = useState<string | null>(null);
  const submit = async () => {
    const failed = await restore.mutateAsync(items);
    if (failed.length > 0) {
      setFailure(failed.map((entry) => `${entry.item.title}: ${problem.text(entry.error)}`).join('\n'));
      return;
    }
    toast({ tone: 'success', message: t('restore.manyDone', { count: items.length }) });
    props.onDone();
  };
  return (
    <FormDialog
      title={t('restore.manyTitle', { count: items.length })}
      submitLabel={t('restore.action')}
      busy={restore.isPending}
      failure={failure}
      onClose={props.onClose}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Text size="sm">{t('restore.manyText')}</Text>
      <ul>
        {items.map((item) => (
          <li key={item.id}>{item.title}</li>
        ))}
      </ul>
    </FormDialog>
  );
}
