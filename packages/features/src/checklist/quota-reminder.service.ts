import type { QuotaReminder } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../http/index.ts';
import { SettingsService } from '../settings/index.ts';
import { QuotaReminderStore } from './quota-reminder.store.ts';

/** From this share of a limit on, in percent, people are reminded even where the settings warn later. */
const LATEST_PERCENT = 80;

/** Which projects somebody should make room in. */
@Injectable()
export class QuotaReminderService {
  readonly #store: QuotaReminderStore;
  readonly #settings: SettingsService;

  constructor(store: QuotaReminderStore, settings: SettingsService) {
    this.#store = store;
    this.#settings = settings;
  }

  /** The reminders for who may see these quotas; the fullest first. */
  async list(principal: Principal): Promise<QuotaReminder[]> {
    const { quota_warning_percent: percent } = await this.#settings.get();
    return this.#store.list(principal, Math.min(percent || LATEST_PERCENT, LATEST_PERCENT));
  }
}
