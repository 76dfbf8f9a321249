import { Module } from '@nestjs/common';
import { IdentitySourceModule, SourceKinds } from '../identity-source/index.ts';
import { CredentialVerifiers, LoginModule } from '../login/index.ts';
import { SourceLoginModule } from '../source-login/index.ts';
import { AuthProxyService } from './auth-proxy.service.ts';
import { TokenReviewVerifier } from './token-review-verifier.ts';

@Module({
  imports: [IdentitySourceModule, LoginModule, SourceLoginModule],
  providers: [AuthProxyService, TokenReviewVerifier],
})
export class AuthProxyModule {
  constructor(
    kinds: SourceKinds,
    proxies: AuthProxyService,
    verifiers: CredentialVerifiers,
    tokens: TokenReviewVerifier,
  ) {
    kinds.add(proxies);
    verifiers.add(tokens);
  }
}
