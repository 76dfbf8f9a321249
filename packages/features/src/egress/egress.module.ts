import { Database } from '@moorage/database';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { SettingsModule } from '../settings/index.ts';
import { Connector } from './connector.ts';
import { EgressController } from './egress.controller.ts';
import { EgressEnvironment } from './egress-environment.ts';
import { EgressService } from './egress.service.ts';
import { RefusalService } from './refusal.service.ts';
import { RefusalStore } from './refusal.store.ts';

/** Outgoing connections for every room; the composition root hands in the environment. */
@Global()
@Module({})
export class EgressModule {
  static with(environment: EgressEnvironment): DynamicModule {
    return {
      module: EgressModule,
      imports: [SettingsModule],
      controllers: [EgressController],
      providers: [
        { provide: EgressEnvironment, useValue: environment },
        { provide: Connector, useValue: new Connector(environment) },
        { provide: RefusalStore, inject: [Database], useFactory: (database: Database) => new RefusalStore(database) },
        EgressService,
        RefusalService,
      ],
      exports: [EgressService],
    };
  }
}
