import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { QuotaController } from './quota.controller.ts';
import { QuotaService } from './quota.service.ts';
import { QuotaStore } from './quota.store.ts';

@Module({
  controllers: [QuotaController],
  providers: [
    { provide: QuotaStore, inject: [Database], useFactory: (database: Database) => new QuotaStore(database) },
    QuotaService,
  ],
})
export class QuotaModule {}
