import { ConfirmDestroy } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useStartRun } from './retention.queries.ts';

/** Asks before a run that removes. */
export function RunDialog(props: { project: string; onClose: () => void; onStarted: (id: number) => void }) {
  const { t } = useTranslation('retention');
  const problem = useProblem();
  const start = useStartRun(props.project);
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('run.title')}
      action={t('run.now')}
      consequences={[t('run.goes'), t('run.kept'), t('run.waits')]}
      failure={start.error ? problem.text(start.error) : null}
      onConfirm={async () => props.onStarted(await start.mutateAsync(false))}
    />
  );
}
