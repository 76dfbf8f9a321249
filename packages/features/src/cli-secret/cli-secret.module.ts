import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { CredentialVerifiers, IdentityService, LoginModule } from '../login/index.ts';
import { UserModule } from '../user/index.ts';
import { CliSecretController } from './cli-secret.controller.ts';
import { CliSecretService } from './cli-secret.service.ts';
import { CliSecretStore } from './cli-secret.store.ts';
import { CliSecretVerifier } from './cli-secret-verifier.ts';

@Module({
  imports: [LoginModule, UserModule],
  controllers: [CliSecretController],
  providers: [
    { provide: CliSecretStore, inject: [Database], useFactory: (database: Database) => new CliSecretStore(database) },
    CliSecretVerifier,
    CliSecretService,
  ],
})
export class CliSecretModule {
  constructor(verifiers: CredentialVerifiers, identities: IdentityService, verifier: CliSecretVerifier) {
    verifiers.add(verifier);
    identities.register('cli-secret', (ids) => verifier.findActive(ids));
  }
}
