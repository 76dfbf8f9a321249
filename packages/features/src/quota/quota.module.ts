import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { ExecutionModule } from '../execution/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { QuotaController } from './quota.controller.ts';
import { QuotaGrowthStore } from './quota-growth.store.ts';
import { QuotaService } from './quota.service.ts';
import { QuotaStore } from './quota.store.ts';

@Module({
  imports: [ExecutionModule, SettingsModule],
  controllers: [QuotaController],
  providers: [
    { provide: QuotaStore, inject: [Database], useFactory: (database: Database) => new QuotaStore(database) },
    {
      provide: QuotaGrowthStore,
      inject: [Database],
      useFactory: (database: Database) => new QuotaGrowthStore(database),
    },
    QuotaService,
  ],
})
export class QuotaModule {}
