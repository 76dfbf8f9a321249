import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { RobotModule } from '../robot/index.ts';
import { SessionModule } from '../session/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { ThrottleModule } from '../throttle/index.ts';
import { UserModule } from '../user/index.ts';
import { IdentityService } from './identity.service.ts';
import { LoginController } from './login.controller.ts';
import { LoginService } from './login.service.ts';
import { LoginStore } from './login.store.ts';
import { PasswordLoginService } from './password-login.service.ts';
import { SessionLoginService } from './session-login.service.ts';

@Module({
  imports: [UserModule, RobotModule, SessionModule, SettingsModule, ThrottleModule],
  controllers: [LoginController],
  providers: [
    { provide: LoginStore, inject: [Database], useFactory: (database: Database) => new LoginStore(database) },
    IdentityService,
    PasswordLoginService,
    SessionLoginService,
    LoginService,
  ],
  exports: [LoginService, PasswordLoginService, IdentityService],
})
export class LoginModule {}
