import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { SettingsModule } from '../settings/index.ts';
import { HealthService } from './health.service.ts';
import { HeartbeatStore } from './heartbeat.store.ts';
import { SystemInfoController } from './system-info.controller.ts';
import { SystemInfoService } from './system-info.service.ts';

/** Needs an `Installation` from the process that composes it. */
@Module({
  imports: [SettingsModule],
  controllers: [SystemInfoController],
  providers: [
    { provide: HeartbeatStore, inject: [Database], useFactory: (database: Database) => new HeartbeatStore(database) },
    HealthService,
    SystemInfoService,
  ],
  exports: [HealthService],
})
export class SystemInfoModule {}
