import { Module } from '@nestjs/common';
import { ClaimReader } from './claim-reader.ts';
import { ProviderService } from './provider.service.ts';

@Module({ providers: [ProviderService, ClaimReader], exports: [ProviderService, ClaimReader] })
export class OidcProviderModule {}
