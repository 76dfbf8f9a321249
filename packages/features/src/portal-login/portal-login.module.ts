import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { LoginModule } from '../login/index.ts';
import { SecondFactorModule } from '../second-factor/index.ts';
import { SessionModule } from '../session/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { ThrottleModule } from '../throttle/index.ts';
import { UserModule } from '../user/index.ts';
import { OwnPasswordController } from './own-password.controller.ts';
import { PortalLoginController } from './portal-login.controller.ts';
import { PortalLoginService } from './portal-login.service.ts';
import { PortalLoginStore } from './portal-login.store.ts';
import { SessionLoginService } from './session-login.service.ts';

@Module({
  imports: [LoginModule, SecondFactorModule, SessionModule, SettingsModule, ThrottleModule, UserModule],
  controllers: [OwnPasswordController, PortalLoginController],
  providers: [
    {
      provide: PortalLoginStore,
      inject: [Database],
      useFactory: (database: Database) => new PortalLoginStore(database),
    },
    SessionLoginService,
    PortalLoginService,
  ],
  exports: [SessionLoginService],
})
export class PortalLoginModule {}
