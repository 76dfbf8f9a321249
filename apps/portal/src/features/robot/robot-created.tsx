import { Button, FormActions, Panel, Stack } from '@moorage/ui';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RobotSecret } from './robot-secret.tsx';

/** The end of the wizard: the secret, once. */
export function RobotCreated(props: {
  robot: { readonly name: string; readonly secret: string };
  project: string | null;
  onDone: () => void;
}) {
  const { t } = useTranslation('robot');
  const [saved, setSaved] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1}>
      <Panel title={t('secret.title', { name: props.robot.name })}>
        <Stack gap="lg">
          <RobotSecret
            robot={props.robot.name}
            project={props.project}
            secret={props.robot.secret}
            saved={saved}
            onSaved={setSaved}
          />
          <FormActions>
            <Button onClick={props.onDone} disabled={!saved}>
              {t('secret.finish')}
            </Button>
          </FormActions>
        </Stack>
      </Panel>
    </div>
  );
}
