import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { IdentitySourceModule, SourceKinds } from '../identity-source/index.ts';
import { LoginModule } from '../login/index.ts';
import { PortalLoginModule } from '../portal-login/index.ts';
import { ThrottleModule } from '../throttle/index.ts';
import { OidcProviderModule } from '../oidc-provider/index.ts';
import { LoginTransactionService } from './login-transaction.service.ts';
import { LoginTransactionStore } from './login-transaction.store.ts';
import { OidcController } from './oidc.controller.ts';
import { OidcLoginService } from './oidc-login.service.ts';
import { OidcLogoutService } from './oidc-logout.service.ts';
import { OidcSourceHandler } from './oidc-source.ts';
import { OidcSourceTests } from './oidc-source-tests.ts';
import { OidcTestLoginService } from './oidc-test-login.service.ts';
import { SessionEntry } from './session-entry.ts';
import { SourceSessionStore } from './source-session.store.ts';

@Module({
  imports: [IdentitySourceModule, LoginModule, OidcProviderModule, PortalLoginModule, ThrottleModule],
  controllers: [OidcController],
  providers: [
    {
      provide: LoginTransactionStore,
      inject: [Database],
      useFactory: (database: Database) => new LoginTransactionStore(database),
    },
    {
      provide: SourceSessionStore,
      inject: [Database],
      useFactory: (database: Database) => new SourceSessionStore(database),
    },
    LoginTransactionService,
    SessionEntry,
    OidcLoginService,
    OidcLogoutService,
    OidcSourceTests,
    OidcTestLoginService,
    OidcSourceHandler,
  ],
})
export class OidcModule {
  constructor(kinds: SourceKinds, handler: OidcSourceHandler) {
    kinds.add(handler);
  }
}
