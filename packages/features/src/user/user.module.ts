import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { SettingsModule } from '../settings/index.ts';
import { ThrottleModule } from '../throttle/index.ts';
import { ExternalUserService } from './external-user.service.ts';
import { PasswordHasher } from './password-hasher.ts';
import { UserController } from './user.controller.ts';
import { UserService } from './user.service.ts';
import { UserStore } from './user.store.ts';

@Module({
  imports: [SettingsModule, ThrottleModule],
  controllers: [UserController],
  providers: [
    { provide: UserStore, inject: [Database], useFactory: (database: Database) => new UserStore(database) },
    PasswordHasher,
    UserService,
    ExternalUserService,
  ],
  exports: [UserService, ExternalUserService],
})
export class UserModule {}
