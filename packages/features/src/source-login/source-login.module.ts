import { Module } from '@nestjs/common';
import { IdentitySourceModule } from '../identity-source/index.ts';
import { CredentialVerifiers, LoginModule } from '../login/index.ts';
import { UserModule } from '../user/index.ts';
import { ProvenPersonService } from './proven-person.service.ts';
import { SourcePasswordVerifier } from './source-password-verifier.ts';

@Module({
  imports: [IdentitySourceModule, LoginModule, UserModule],
  providers: [SourcePasswordVerifier, ProvenPersonService],
  exports: [ProvenPersonService],
})
export class SourceLoginModule {
  constructor(verifiers: CredentialVerifiers, verifier: SourcePasswordVerifier) {
    verifiers.add(verifier);
  }
}
