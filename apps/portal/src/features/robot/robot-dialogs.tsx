import type { Robot } from '@moorage/contracts';
import { ConfirmDestroy, toast } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { AddressDialog } from './robot-addresses.tsx';
import { useDeleteRobot } from './robot.queries.ts';
import { LastUsed } from './use-robot-columns.tsx';
import { RotateDialog } from './rotate-dialog.tsx';

/** What was asked for with a robot. */
export interface RobotTask {
  readonly kind: 'rotate' | 'delete' | 'addresses';
  readonly robot: Robot;
}

/** The dialog of a task, or nothing. */
export function RobotDialogs(props: { task: RobotTask | null; onClose: () => void; onDeleted: () => void }) {
  const { task, onClose } = props;
  if (task?.kind === 'rotate') return <RotateDialog robot={task.robot} onClose={onClose} />;
  if (task?.kind === 'addresses') return <AddressDialog robot={task.robot} onClose={onClose} />;
  if (task?.kind === 'delete') return <DeleteDialog robot={task.robot} onClose={onClose} onDeleted={props.onDeleted} />;
  return null;
}

function DeleteDialog(props: { robot: Robot; onClose: () => void; onDeleted: () => void }) {
  const { t } = useTranslation('robot');
  const problem = useProblem();
  const remove = useDeleteRobot();
  const { robot } = props;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('delete.title', { name: robot.name })}
      action={t('delete.action')}
      consequences={[t('delete.goes'), t('delete.breaks')]}
      failure={remove.error ? problem.text(remove.error) : null}
      onConfirm={async () => {
        await remove.mutateAsync(robot.id);
        toast({ tone: 'success', message: t('delete.done', { name: robot.name }) });
        props.onDeleted();
      }}
    >
      {t('column.lastUsed')}: <LastUsed robot={robot} />
    </ConfirmDestroy>
  );
}
