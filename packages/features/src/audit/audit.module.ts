import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.ts';
import { AuditService } from './audit.service.ts';
import { AuditStore } from './audit.store.ts';

@Module({
  controllers: [AuditController],
  providers: [
    { provide: AuditStore, inject: [Database], useFactory: (database: Database) => new AuditStore(database) },
    AuditService,
  ],
})
export class AuditModule {}
