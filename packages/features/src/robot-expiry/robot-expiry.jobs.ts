import type { Database } from '@moorage/database';
import { defineJob, type Processor, processor } from '@moorage/jobs';
import { z } from 'zod';
import type { Clock } from '../clock/index.ts';
import { reminderUntil } from '../robot/index.ts';
import type { SettingsService } from '../settings/index.ts';
import { RobotExpiryStore } from './robot-expiry.store.ts';

/** Announces robots about to expire, and disables those that have. */
export const endRobots = defineJob({
  name: 'robot.end',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 60_000,
  timeoutMs: 600_000,
});

export function endRobotsProcessor(database: Database, settings: SettingsService, clock: Clock): Processor {
  const store = new RobotExpiryStore(database);
  return processor(endRobots, async ({ report }) => {
    const { robot_name_prefix: prefix, robot_expiry_reminder_days: days } = await settings.get();
    const now = clock.now();
    const disabled = await store.disableExpired(prefix, now);
    const announced = days === 0 ? 0 : await store.announce(prefix, now, reminderUntil(days, now));
    await report({ disabled, announced });
  });
}
