import type { IncomingMessage } from 'node:http';
import { AppError, type GeneralInfo } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { type Caller, ExternalAddress } from '../http/index.ts';
import { SettingsService } from '../settings/index.ts';
import { Installation } from './component.ts';

/** The release whose API this is; clients of Harbor decide by it what they may use. */
const HARBOR_VERSION = 'v2.15.0';

/** What this installation is and how one signs in to it. */
@Injectable()
export class SystemInfoService {
  readonly #installation: Installation;
  readonly #settings: SettingsService;
  readonly #address: ExternalAddress;
  readonly #clock: Clock;

  constructor(installation: Installation, settings: SettingsService, address: ExternalAddress, clock: Clock) {
    this.#installation = installation;
    this.#settings = settings;
    this.#address = address;
    this.#clock = clock;
  }

  /** What everybody needs for signing in, and the rest for who has (STA-1). */
  async general({ principal }: Caller, request: IncomingMessage): Promise<GeneralInfo> {
    const settings = await this.#settings.get();
    const open = {
      auth_mode: settings.auth_mode,
      primary_auth_mode: settings.primary_auth_mode,
      self_registration: settings.self_registration,
      ...(settings.banner_message === '' ? {} : { banner_message: settings.banner_message }),
    };
    if (principal.kind === 'anonymous') return open;
    const url = this.#address.urlFor(request.headers.host, this.#address.isHttpsFor(request));
    return {
      ...open,
      external_url: url,
      registry_url: new URL(url).host,
      project_creation_restriction: settings.project_creation_restriction,
      has_ca_root: false,
      harbor_version: HARBOR_VERSION,
      moorage_version: this.#installation.version,
      registry_storage_provider_name: this.#installation.storageProvider,
      read_only: settings.read_only,
      notification_enable: false,
      current_time: this.#clock.now().toISOString(),
    };
  }

  /** Size and free space of the storage; throws NOT_FOUND for a storage that has no size. */
  async volumes(): Promise<{ storage: { total: number; free: number }[] }> {
    const volume = await this.#installation.volume();
    if (!volume) throw new AppError('NOT_FOUND', 'The storage does not tell how large it is.');
    return { storage: [{ total: volume.total, free: volume.free }] };
  }
}
