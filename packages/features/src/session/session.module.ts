import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { SettingsModule } from '../settings/index.ts';
import { SessionController } from './session.controller.ts';
import { SessionService } from './session.service.ts';
import { SessionStore } from './session.store.ts';

@Module({
  imports: [SettingsModule],
  controllers: [SessionController],
  providers: [
    { provide: SessionStore, inject: [Database], useFactory: (database: Database) => new SessionStore(database) },
    SessionService,
  ],
  exports: [SessionService],
})
export class SessionModule {}
