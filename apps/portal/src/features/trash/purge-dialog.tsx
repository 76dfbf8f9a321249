import type { TrashItem } from '@moorage/contracts';
import { ConfirmDestroy, toast, useUi } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { usePurge } from './trash.queries.ts';

/** Asks before things leave the trash for good. */
export function PurgeDialog(props: { items: readonly TrashItem[]; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('trash');
  const ui = useUi();
  const problem = useProblem();
  const purge = usePurge();
  const { items } = props;
  const [failure, setFailure] = useState<string | null>(null);
  const count = items.length;
  const only = count === 1 ? items[0] : undefined;
  const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier={only?.kind === 'project' ? 'typed' : 'content'}
      name={only?.kind === 'project' ? only.title : ''}
      title={t('purge.title')}
      action={t('purge.confirm', { count })}
      consequences={[t('purge.gone', { count }), t('purge.freed', { size: ui.bytes(bytes) }), t('purge.final')]}
      failure={failure}
      onConfirm={async () => {
        const failed = await purge.mutateAsync(items);
        if (failed.length > 0) {
          setFailure(failed.map((entry) => `${entry.item.title}: ${problem.text(entry.error)}`).join('\n'));
          return;
        }
        toast({ tone: 'success', message: t('purge.done', { count }) });
        props.onDone();
      }}
    >
      <ul>
        {items.map((item) => (
          <li key={item.id}>{item.title}</li>
        ))}
      </ul>
    </ConfirmDestroy>
  );
}
