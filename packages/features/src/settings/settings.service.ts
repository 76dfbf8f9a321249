import type { BodyOf, Settings, updateConfigurations } from '@moorage/contracts';
import type { Transaction } from '@moorage/database';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { Clock } from '../clock/index.ts';
import { type Caller, nameOf } from '../http/index.ts';
import { changedSettings } from './settings.rules.ts';
import { type SettingsChange, SettingsStore } from './settings.store.ts';

/** For how long a process may use settings another process has changed. */
const FRESH_MS = 2_000;

/** The settings administrators change at run time. */
@Injectable()
export class SettingsService {
  readonly #store: SettingsStore;
  readonly #clock: Clock;
  #loaded: { readonly at: number; readonly settings: Promise<Settings> } | null = null;

  constructor(store: SettingsStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The settings as they were at most two seconds ago; changes made through this process show at once. */
  get(): Promise<Settings> {
    const now = this.#clock.now().getTime();
    if (this.#loaded && Math.abs(now - this.#loaded.at) < FRESH_MS) return this.#loaded.settings;
    const settings = this.#store.load();
    const loaded = { at: now, settings };
    this.#loaded = loaded;
    settings.catch(() => {
      if (this.#loaded === loaded) this.#loaded = null;
    });
    return settings;
  }

  /**
   * Changes the settings named in the update; tells of it with `settings.changed`. `also` runs in the same transaction
   * with the settings as they were; what it throws undoes the change.
   */
  async update(
    caller: Caller,
    update: BodyOf<typeof updateConfigurations>,
    also?: (transaction: Transaction, before: Settings) => Promise<void>,
  ): Promise<void> {
    const decide = (current: Settings): SettingsChange | null => {
      const values = changedSettings(current, update);
      const keys = Object.keys(values);
      if (keys.length === 0) return null;
      const before = Object.fromEntries(keys.map((key) => [key, current[key as keyof Settings]]));
      const audit = auditEntry(caller, {
        resourceType: 'configuration',
        resource: keys.join(', ').slice(0, 1024),
        operation: 'update',
        before,
        after: values,
      });
      return { values, event: { name: 'settings.changed', projectId: null, data: { keys }, audit } };
    };
    await this.#store.change(nameOf(caller.principal), decide, also);
    this.#loaded = null;
  }
}
