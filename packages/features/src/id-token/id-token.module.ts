import { Module } from '@nestjs/common';
import { IdentitySourceModule } from '../identity-source/index.ts';
import { CredentialVerifiers, LoginModule } from '../login/index.ts';
import { OidcProviderModule } from '../oidc-provider/index.ts';
import { IdTokenVerifier } from './id-token-verifier.ts';

@Module({ imports: [IdentitySourceModule, LoginModule, OidcProviderModule], providers: [IdTokenVerifier] })
export class IdTokenModule {
  constructor(verifiers: CredentialVerifiers, verifier: IdTokenVerifier) {
    verifiers.add(verifier);
  }
}
