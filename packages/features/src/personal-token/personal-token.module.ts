import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { CredentialVerifiers, IdentityService, LoginModule } from '../login/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { UserModule } from '../user/index.ts';
import { PersonalTokenController } from './personal-token.controller.ts';
import { PersonalTokenService } from './personal-token.service.ts';
import { PersonalTokenStore } from './personal-token.store.ts';
import { PersonalTokenVerifier } from './personal-token-verifier.ts';

/** Needs `Authority`, which the process binds to the access room. */
@Module({
  imports: [LoginModule, SettingsModule, UserModule],
  controllers: [PersonalTokenController],
  providers: [
    {
      provide: PersonalTokenStore,
      inject: [Database],
      useFactory: (database: Database) => new PersonalTokenStore(database),
    },
    PersonalTokenVerifier,
    PersonalTokenService,
  ],
})
export class PersonalTokenModule {
  constructor(verifiers: CredentialVerifiers, identities: IdentityService, tokens: PersonalTokenVerifier) {
    verifiers.add(tokens);
    identities.register('personal-token', (ids) => tokens.findActive(ids));
  }
}
