import { ConfirmDestroy } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { type CollectionWish, useCollect } from './storage.queries.ts';

/** Asks before bytes go. */
export function CollectDialog(props: { wish: CollectionWish; onClose: () => void; onStarted: (id: number) => void }) {
  const { t } = useTranslation('storage');
  const problem = useProblem();
  const collect = useCollect();
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('collect.ask')}
      action={t('collect.now')}
      consequences={[
        t('collect.goes'),
        ...(props.wish.untagged ? [t('collect.untaggedGoes')] : []),
        t('collect.stays'),
        t('collect.online'),
      ]}
      failure={collect.error ? problem.text(collect.error) : null}
      onConfirm={async () => props.onStarted(await collect.mutateAsync(props.wish))}
    />
  );
}
