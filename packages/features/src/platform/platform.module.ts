import { Database } from '@moorage/database';
import { Clock } from '../clock/index.ts';
import { ExternalAddress } from '../http/index.ts';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Logger } from './logger.ts';

/** What exists before any room: opened by main, injected everywhere by class. */
export interface Platform {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly address: ExternalAddress;
}

@Global()
@Module({})
export class PlatformModule {
  static with(platform: Platform): DynamicModule {
    const providers = [
      { provide: Database, useValue: platform.database },
      { provide: Clock, useValue: platform.clock },
      { provide: Logger, useValue: platform.logger },
      { provide: ExternalAddress, useValue: platform.address },
    ];
    return { module: PlatformModule, providers, exports: providers };
  }
}
