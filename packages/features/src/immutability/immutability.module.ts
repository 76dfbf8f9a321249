import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { ArtifactModule } from '../artifact/index.ts';
import { HoldService } from './hold.service.ts';
import { HoldStore } from './hold.store.ts';
import { ImmutabilityController } from './immutability.controller.ts';
import { ImmutabilityService } from './immutability.service.ts';
import { ImmutabilityStore } from './immutability.store.ts';

@Module({
  imports: [ArtifactModule],
  controllers: [ImmutabilityController],
  providers: [
    {
      provide: ImmutabilityStore,
      inject: [Database],
      useFactory: (database: Database) => new ImmutabilityStore(database),
    },
    { provide: HoldStore, inject: [Database], useFactory: (database: Database) => new HoldStore(database) },
    ImmutabilityService,
    HoldService,
  ],
})
export class ImmutabilityModule {}
