import { toast } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useQueueAction } from './job.queries.ts';

/** Stops, pauses or resumes what waits of a kind of work, and says how it went. */
export function useQueueAct() {
  const { t } = useTranslation('job-monitor');
  const problem = useProblem();
  const action = useQueueAction();
  return (work: string, wanted: 'stop' | 'pause' | 'resume') =>
    action.mutate(
      { work, action: wanted },
      {
        onSuccess: () => toast({ tone: 'success', message: t(`queues.done.${wanted}`) }),
        onError: (error) => toast({ tone: 'problem', title: t('actionFailed'), message: problem.text(error) }),
      },
    );
}
