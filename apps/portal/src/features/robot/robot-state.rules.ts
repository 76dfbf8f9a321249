import type { Robot } from '@moorage/contracts';

export type RobotState = 'active' | 'disabled' | 'expired' | 'expiring';

const SOON_SECONDS = 14 * 86_400;

/** Whether a robot can sign in, and whether that ends within two weeks. `expires_at` is in seconds; -1 is never. */
export function stateOfRobot(robot: Pick<Robot, 'disable' | 'expires_at'>, now: Date): RobotState {
  const seconds = now.getTime() / 1000;
  if (robot.disable) return 'disabled';
  if (robot.expires_at < 0) return 'active';
  if (robot.expires_at <= seconds) return 'expired';
  return robot.expires_at - seconds < SOON_SECONDS ? 'expiring' : 'active';
}

/** ISO time of the expiry; undefined for never. */
export function expiryOf(robot: Pick<Robot, 'expires_at'>): string | undefined {
  return robot.expires_at < 0 ? undefined : new Date(robot.expires_at * 1000).toISOString();
}
