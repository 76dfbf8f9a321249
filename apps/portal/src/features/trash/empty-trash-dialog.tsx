import { ConfirmDestroy, toast } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { usePurgeAll } from './trash.queries.ts';

/** Empties the trash of a project, or of all projects, once the name or word was typed. */
export function EmptyTrashDialog(props: { project: string | null; onClose: () => void }) {
  const { t } = useTranslation('trash');
  const problem = useProblem();
  const purge = usePurgeAll(props.project);
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="typed"
      name={props.project ?? t('emptyAll.word')}
      title={props.project === null ? t('emptyAll.titleSystem') : t('emptyAll.title', { name: props.project })}
      action={t('emptyAll.action')}
      consequences={[t('emptyAll.gone'), t('purge.final')]}
      failure={purge.error ? problem.text(purge.error) : null}
      onConfirm={async () => {
        const { purged, remaining } = await purge.mutateAsync();
        toast({
          tone: 'success',
          message:
            t('purge.done', { count: purged }) +
            (remaining > 0 ? ` ${t('emptyAll.remaining', { count: remaining })}` : ''),
        });
        props.onClose();
      }}
    />
  );
}
