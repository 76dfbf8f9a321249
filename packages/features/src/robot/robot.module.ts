import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { SettingsModule } from '../settings/index.ts';
import { RobotController } from './robot.controller.ts';
import { RobotService } from './robot.service.ts';
import { RobotStore } from './robot.store.ts';
import { RobotIdentityService } from './robot-identity.service.ts';
import { RobotIdentityStore } from './robot-identity.store.ts';
import { RobotRightService } from './robot-right.service.ts';

/** Needs `Authority`, which the process binds to the access room. */
@Module({
  imports: [SettingsModule],
  controllers: [RobotController],
  providers: [
    { provide: RobotStore, inject: [Database], useFactory: (database: Database) => new RobotStore(database) },
    {
      provide: RobotIdentityStore,
      inject: [Database],
      useFactory: (database: Database) => new RobotIdentityStore(database),
    },
    RobotIdentityService,
    RobotRightService,
    RobotService,
  ],
  exports: [RobotIdentityService, RobotRightService],
})
export class RobotModule {}
