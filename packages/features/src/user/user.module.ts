import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { PasswordModule } from '../password/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { ThrottleModule } from '../throttle/index.ts';
import { ExternalUserService } from './external-user.service.ts';
import { UserController } from './user.controller.ts';
import { UserService } from './user.service.ts';
import { UserStore } from './user.store.ts';

@Module({
  imports: [PasswordModule, SettingsModule, ThrottleModule],
  controllers: [UserController],
  providers: [
    { provide: UserStore, inject: [Database], useFactory: (database: Database) => new UserStore(database) },
    UserService,
    ExternalUserService,
  ],
  exports: [UserService, ExternalUserService],
})
export class UserModule {}
