import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { BacklogStore } from './backlog.store.ts';
import { HttpMeter } from './http-meter.ts';
import { MetricsController } from './metrics.controller.ts';
import { MetricsService } from './metrics.service.ts';
import { ProcessMeter } from './process-meter.ts';

/** Needs an `Installation` from the process that composes it. */
@Module({
  controllers: [MetricsController],
  providers: [
    { provide: BacklogStore, inject: [Database], useFactory: (database: Database) => new BacklogStore(database) },
    HttpMeter,
    ProcessMeter,
    MetricsService,
  ],
  exports: [HttpMeter],
})
export class MetricsModule {}
