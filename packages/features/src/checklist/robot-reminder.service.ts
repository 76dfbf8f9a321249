import type { RobotReminder } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { decideInSystem } from '../access/index.ts';
import { Clock } from '../clock/index.ts';
import type { Principal } from '../http/index.ts';
import { fullRobotName, reminderUntil } from '../robot/index.ts';
import { SettingsService } from '../settings/index.ts';
import { RobotReminderStore } from './robot-reminder.store.ts';

/** How long after its end a robot is still called to mind, in milliseconds. */
const LATELY_MS = 14 * 24 * 3600 * 1000;

/** Which robots need somebody: those about to expire by the settings, and those that expired lately. */
@Injectable()
export class RobotReminderService {
  readonly #store: RobotReminderStore;
  readonly #settings: SettingsService;
  readonly #clock: Clock;

  constructor(store: RobotReminderStore, settings: SettingsService, clock: Clock) {
    this.#store = store;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** The reminders for who may list these robots; the soonest first. */
  async list(principal: Principal): Promise<RobotReminder[]> {
    const { robot_name_prefix: prefix, robot_expiry_reminder_days: days } = await this.#settings.get();
    const now = this.#clock.now();
    const times = { from: new Date(now.getTime() - LATELY_MS), now, until: reminderUntil(days, now) };
    const rows = await this.#store.list(principal, times, decideInSystem(principal, 'robot:list').allowed);
    return rows.map((row) => ({
      id: row.id,
      name: fullRobotName(prefix, row.project_name, row.name),
      project_name: row.project_name,
      expires_at: Math.floor(row.expires_at.getTime() / 1000),
      expired: row.expires_at <= now,
    }));
  }
}
