import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.ts';
import { StatisticsController } from './statistics.controller.ts';
import { StatisticsService } from './statistics.service.ts';
import { StatisticsStore } from './statistics.store.ts';

@Module({
  imports: [AccessModule],
  controllers: [StatisticsController],
  providers: [
    { provide: StatisticsStore, inject: [Database], useFactory: (database: Database) => new StatisticsStore(database) },
    StatisticsService,
  ],
})
export class StatisticsModule {}
