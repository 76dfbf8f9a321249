import type { Robot } from '@moorage/contracts';
import { Badge, IconBan, IconCheck, IconClock, useNow } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { type RobotState, stateOfRobot } from './robot-state.rules.ts';

const LOOK: Readonly<Record<RobotState, { color: string; Icon: typeof IconCheck }>> = {
  active: { color: 'green', Icon: IconCheck },
  expiring: { color: 'yellow', Icon: IconClock },
  expired: { color: 'red', Icon: IconClock },
  disabled: { color: 'gray', Icon: IconBan },
};

/** Whether a robot can sign in; colour, sign and word say the same. */
export function RobotStateBadge(props: { robot: Robot }) {
  const { t } = useTranslation('robot');
  const state = stateOfRobot(props.robot, useNow());
  const { color, Icon } = LOOK[state];
  return (
    <Badge color={color} leftSection={<Icon size={12} aria-hidden />}>
      {t(`state.${state}`)}
    </Badge>
  );
}
