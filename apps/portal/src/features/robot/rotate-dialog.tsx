import type { Robot } from '@moorage/contracts';
import { Button, ExactTime, Fields, FormActions, Modal, Radio, Stack, Text } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../shared/form/failure.tsx';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useRotateSecret } from './robot.queries.ts';
import { RobotSecret } from './robot-secret.tsx';

const OVERLAPS = [0, 1, 24, 168] as const;

/** Gives a robot a new secret and shows it once; the old one may work on for a while, so that nothing breaks meanwhile. */
export function RotateDialog(props: { robot: Robot; onClose: () => void }) {
  const { t } = useTranslation(['robot', 'ui']);
  const rotate = useRotateSecret(props.robot.id);
  const [saved, setSaved] = useState(false);
  const done = rotate.data;
  return (
    <Modal
      opened
      size={done ? 'xl' : 'md'}
      onClose={props.onClose}
      closeOnClickOutside={done === undefined}
      title={t('rotate.title', { name: props.robot.name })}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      {done ? (
        <Stack gap="md">
          {done.previous_secret_until ? (
            <Text size="sm">
              {t('rotate.oldUntil')} <ExactTime value={done.previous_secret_until} />
            </Text>
          ) : (
            <Text size="sm">{t('rotate.oldEnded')}</Text>
          )}
          <RobotSecret
            robot={props.robot.name}
            project={projectOf(props.robot)}
            secret={done.secret}
            saved={saved}
            onSaved={setSaved}
          />
          <FormActions>
            <Button onClick={props.onClose} disabled={!saved}>
              {t('secret.finish')}
            </Button>
          </FormActions>
        </Stack>
      ) : (
        <RotateForm rotate={rotate} onClose={props.onClose} />
      )}
    </Modal>
  );
}

function RotateForm(props: { rotate: ReturnType<typeof useRotateSecret>; onClose: () => void }) {
  const { t } = useTranslation(['robot', 'ui']);
  const problem = useProblem();
  const { rotate } = props;
  const [overlap, setOverlap] = useState<number>(24);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate(overlap);
  };
  return (
    <form onSubmit={submit}>
      <Fields>
        <Radio.Group
          label={t('rotate.overlap')}
          description={t('rotate.overlapHelp')}
          value={String(overlap)}
          onChange={(value) => setOverlap(Number(value))}
        >
          <Stack gap={8} mt={8}>
            {OVERLAPS.map((hours) => (
              <Radio key={hours} value={String(hours)} label={t(`rotate.hours.${hours}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Failure text={rotate.error ? problem.text(rotate.error) : null} />
        <FormActions>
          <Button type="submit" loading={rotate.isPending}>
            {t('rotate.submit')}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {t('ui:actions.cancel')}
          </Button>
        </FormActions>
      </Fields>
    </form>
  );
}

/** The one project of a robot, for its commands; null when it has none or several. */
export function projectOf(robot: Pick<Robot, 'permissions'>): string | null {
  const names = robot.permissions.filter((entry) => entry.kind === 'project').map((entry) => entry.namespace);
  return names.length === 1 && names[0] !== '*' ? (names[0] ?? null) : null;
}
