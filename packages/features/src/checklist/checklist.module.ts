import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { ChecklistController } from './checklist.controller.ts';
import { ChecklistService } from './checklist.service.ts';
import { ChecklistStore } from './checklist.store.ts';

@Module({
  controllers: [ChecklistController],
  providers: [
    { provide: ChecklistStore, inject: [Database], useFactory: (database: Database) => new ChecklistStore(database) },
    ChecklistService,
  ],
})
export class ChecklistModule {}
