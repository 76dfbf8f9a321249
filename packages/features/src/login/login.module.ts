import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { RobotModule } from '../robot/index.ts';
import { SessionModule } from '../session/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { ThrottleModule } from '../throttle/index.ts';
import { UserModule } from '../user/index.ts';
import { CredentialVerifiers } from './credential-verifier.ts';
import { IdentityService } from './identity.service.ts';
import { LoginService } from './login.service.ts';
import { LoginStore } from './login.store.ts';
import { PasswordLoginService } from './password-login.service.ts';
import { RobotSecretVerifier } from './robot-secret-verifier.ts';
import { UserPasswordVerifier } from './user-password-verifier.ts';

@Module({
  imports: [UserModule, RobotModule, SessionModule, SettingsModule, ThrottleModule],
  providers: [
    { provide: LoginStore, inject: [Database], useFactory: (database: Database) => new LoginStore(database) },
    CredentialVerifiers,
    UserPasswordVerifier,
    RobotSecretVerifier,
    IdentityService,
    PasswordLoginService,
    LoginService,
  ],
  exports: [LoginService, PasswordLoginService, IdentityService, CredentialVerifiers],
})
export class LoginModule {
  constructor(verifiers: CredentialVerifiers, robots: RobotSecretVerifier, users: UserPasswordVerifier) {
    verifiers.add(robots);
    verifiers.add(users);
  }
}
