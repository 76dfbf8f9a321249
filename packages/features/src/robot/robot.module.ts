import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { SettingsModule } from '../settings/index.ts';
import { RobotIdentityService } from './robot-identity.service.ts';
import { RobotIdentityStore } from './robot-identity.store.ts';

@Module({
  imports: [SettingsModule],
  providers: [
    {
      provide: RobotIdentityStore,
      inject: [Database],
      useFactory: (database: Database) => new RobotIdentityStore(database),
    },
    RobotIdentityService,
  ],
  exports: [RobotIdentityService],
})
export class RobotModule {}
