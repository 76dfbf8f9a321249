import type { Robot } from '@moorage/contracts';
import type { Condition } from '../../shared/list/list-query.rules.ts';

export const ROBOT_STATES = ['active', 'expiring', 'expired', 'disabled'] as const;
export type RobotState = (typeof ROBOT_STATES)[number];

/** Whether a robot can sign in, and whether that ends soon by the server's settings. `expires_at` is in seconds; -1 is never. */
export function stateOfRobot(
  robot: Pick<Robot, 'disable' | 'expires_at' | 'expired' | 'expires_soon'>,
  now: Date,
): RobotState {
  if (robot.expired || (robot.expires_at >= 0 && robot.expires_at <= now.getTime() / 1000)) return 'expired';
  if (robot.disable) return 'disabled';
  return robot.expires_soon ? 'expiring' : 'active';
}

/** ISO time of the expiry; undefined for never. */
export function expiryOf(robot: Pick<Robot, 'expires_at'>): string | undefined {
  return robot.expires_at < 0 ? undefined : new Date(robot.expires_at * 1000).toISOString();
}

const DAY_SECONDS = 86_400;
/** How many days ahead robots count as expiring soon in the list, unless somebody says. */
export const SOON_DAYS = 14;

/** What narrows the list of robots to a state; `days` ahead for those that expire soon. */
export function conditionsOfState(state: RobotState | undefined, now: Date, days = SOON_DAYS): readonly Condition[] {
  const seconds = Math.floor(now.getTime() / 1000);
  switch (state) {
    case 'active':
      return [
        { key: 'disable', is: 'false' },
        { key: 'expired', is: 'false' },
      ];
    case 'expiring':
      return [{ key: 'expires_at', from: String(seconds), to: String(seconds + days * DAY_SECONDS) }];
    case 'expired':
      return [{ key: 'expired', is: 'true' }];
    case 'disabled':
      return [{ key: 'disable', is: 'true' }];
    default:
      return [];
  }
}
