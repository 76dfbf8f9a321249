import { Module } from '@nestjs/common';
import { ClaimReader } from './claim-reader.ts';
import { ProviderKeys } from './provider-keys.ts';
import { ProviderService } from './provider.service.ts';

@Module({
  providers: [ProviderService, ProviderKeys, ClaimReader],
  exports: [ProviderService, ProviderKeys, ClaimReader],
})
export class OidcProviderModule {}
