import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { SettingsService } from './settings.service.ts';
import { SettingsStore } from './settings.store.ts';

@Module({
  providers: [
    { provide: SettingsStore, inject: [Database], useFactory: (database: Database) => new SettingsStore(database) },
    SettingsService,
  ],
  exports: [SettingsService],
})
export class SettingsModule {}
