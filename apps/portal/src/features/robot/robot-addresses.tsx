import type { Robot } from '@moorage/contracts';
import { Textarea, toast } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { useUpdateRobot } from './robot.queries.ts';

/** Where a robot may be used from. */
export function AddressDialog(props: { robot: Robot; onClose: () => void }) {
  const { t } = useTranslation(['robot', 'shared']);
  const problem = useProblem();
  const update = useUpdateRobot();
  const { robot } = props;
  const [typed, setTyped] = useState(robot.allowed_addresses.join('\n'));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const addresses = typed.split(/[\s,]+/).filter((word) => word !== '');
    update.mutate(
      { robot, change: { allowed_addresses: addresses } },
      {
        onSuccess: () => {
          toast({ tone: 'success', message: t('addresses.done', { name: robot.name }) });
          props.onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('addresses.title', { name: robot.name })}
      submitLabel={t('shared:save')}
      busy={update.isPending}
      failure={update.error ? problem.text(update.error) : null}
      onClose={props.onClose}
      onSubmit={submit}
    >
      <Textarea
        label={t('addresses.label')}
        description={t('addresses.help')}
        data-autofocus
        autosize
        minRows={3}
        maxRows={10}
        spellCheck={false}
        placeholder={'10.1.0.0/16\n192.0.2.7'}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
