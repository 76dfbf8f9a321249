import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { SettingsModule } from '../settings/index.ts';
import { ChecklistController } from './checklist.controller.ts';
import { ChecklistService } from './checklist.service.ts';
import { ChecklistStore } from './checklist.store.ts';
import { QuotaReminderService } from './quota-reminder.service.ts';
import { QuotaReminderStore } from './quota-reminder.store.ts';
import { RobotReminderService } from './robot-reminder.service.ts';
import { RobotReminderStore } from './robot-reminder.store.ts';

@Module({
  imports: [SettingsModule],
  controllers: [ChecklistController],
  providers: [
    { provide: ChecklistStore, inject: [Database], useFactory: (database: Database) => new ChecklistStore(database) },
    {
      provide: RobotReminderStore,
      inject: [Database],
      useFactory: (database: Database) => new RobotReminderStore(database),
    },
    {
      provide: QuotaReminderStore,
      inject: [Database],
      useFactory: (database: Database) => new QuotaReminderStore(database),
    },
    ChecklistService,
    QuotaReminderService,
    RobotReminderService,
  ],
})
export class ChecklistModule {}
