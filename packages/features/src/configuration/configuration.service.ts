import { AppError, type BodyOf, type Configurations, type updateConfigurations } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../http/index.ts';
import { IdentitySourceService } from '../identity-source/index.ts';
import { SettingsService } from '../settings/index.ts';
import { UserService } from '../user/index.ts';
import { configurationsAnswer, sourceChanges } from './configuration.rules.ts';

/** Harbor's one list of settings: those of the installation, and those of the first source of each kind. */
@Injectable()
export class ConfigurationService {
  readonly #settings: SettingsService;
  readonly #sources: IdentitySourceService;
  readonly #users: UserService;

  constructor(settings: SettingsService, sources: IdentitySourceService, users: UserService) {
    this.#settings = settings;
    this.#sources = sources;
    this.#users = users;
  }

  async show(): Promise<Configurations> {
    const [settings, sources] = await Promise.all([this.#settings.get(), this.#sources.configuration()]);
    return configurationsAnswer({ ...settings, ...sources });
  }

  /**
   * Changes what is named, all of it or nothing. Throws BAD_REQUEST for a change of mode once there are accounts (AUTH-2),
   * for a mode whose source is not filled in, and for a secret that must be given again.
   */
  async update(caller: Caller, update: BodyOf<typeof updateConfigurations>): Promise<void> {
    const hasOthers = await this.#users.hasOthers();
    await this.#settings.update(caller, update, async (transaction, before) => {
      const mode = { before: before.auth_mode, after: update.auth_mode ?? before.auth_mode };
      if (mode.before !== mode.after && hasOthers) {
        throw new AppError(
          'BAD_REQUEST',
          'auth_mode: cannot change once there are accounts beside the first administrator; add the source under identity sources instead.',
        );
      }
      for (const [kind, change] of sourceChanges(update, mode)) {
        await this.#sources.changeFirst(transaction, caller, kind, change);
      }
    });
    this.#sources.forget();
  }
}
