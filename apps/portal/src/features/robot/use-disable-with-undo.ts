import type { Robot } from '@moorage/contracts';
import { offerUndo, toast } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useUpdateRobot } from './robot.queries.ts';

/** Switches a robot off or on at once and offers to take it back. */
export function useDisableWithUndo(): (robot: Robot, disable: boolean) => void {
  const { t } = useTranslation('robot');
  const problem = useProblem();
  const change = useUpdateRobot();
  const fail = (error: unknown) => toast({ tone: 'problem', title: t('changeFailed'), message: problem.text(error) });
  return (robot, disable) =>
    change.mutate(
      { robot, change: { disable } },
      {
        onError: fail,
        onSuccess: () =>
          offerUndo({
            message: disable ? t('disable.done', { name: robot.name }) : t('enable.done', { name: robot.name }),
            undo: t('undo'),
            onUndo: () => change.mutate({ robot, change: { disable: !disable } }, { onError: fail }),
          }),
      },
    );
}
