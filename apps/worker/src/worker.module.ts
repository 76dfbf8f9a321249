import type { Secret } from '@moorage/config';
import { AccessAuthority, AccessModule } from '@moorage/features/access';
import { Authority } from '@moorage/features/authority';
import { type EgressEnvironment, EgressModule } from '@moorage/features/egress';
import { IdentitySourceModule } from '@moorage/features/identity-source';
import { LdapModule } from '@moorage/features/ldap';
import { OidcModule } from '@moorage/features/oidc';
import { type Platform, PlatformModule } from '@moorage/features/platform';
import { SecondFactorModule } from '@moorage/features/second-factor';
import { SecretModule } from '@moorage/features/secret';
import { SessionModule } from '@moorage/features/session';
import { SettingsModule } from '@moorage/features/settings';
import { ThrottleModule } from '@moorage/features/throttle';
import { TokenModule } from '@moorage/features/token';
import { type DynamicModule, Global, Module } from '@nestjs/common';

@Global()
@Module({
  imports: [AccessModule],
  providers: [{ provide: Authority, useExisting: AccessAuthority }],
  exports: [Authority],
})
class AuthorityModule {}

/** The rooms whose jobs run here. No controller is ever reached: this process does not listen. */
@Module({})
export class WorkerModule {
  static with(platform: Platform, secretKey: Secret<Buffer>, egress: EgressEnvironment): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.with(platform),
        SecretModule.with(secretKey),
        EgressModule.with(egress),
        AuthorityModule,
        SettingsModule,
        SecondFactorModule,
        SessionModule,
        ThrottleModule,
        TokenModule,
        IdentitySourceModule,
        OidcModule,
        LdapModule,
      ],
    };
  }
}
