import { Secret } from '@moorage/config';
import { AccessAuthority, AccessModule } from '@moorage/features/access';
import { Authority } from '@moorage/features/authority';
import { EgressEnvironment, EgressModule } from '@moorage/features/egress';
import { ExternalAddress } from '@moorage/features/http';
import { IdentitySourceModule } from '@moorage/features/identity-source';
import { LdapModule } from '@moorage/features/ldap';
import { OidcModule } from '@moorage/features/oidc';
import { Logger, PlatformModule } from '@moorage/features/platform';
import { SecretModule } from '@moorage/features/secret';
import { Global, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { TestCore } from './test-core.ts';

/** The rooms that ask sources, as a process of their own has them, over the database and the clock of a core. */
export async function startSourceRooms(core: TestCore, secretKey: Buffer): Promise<INestApplicationContext> {
  class Address extends ExternalAddress {
    readonly url = core.url;
    readonly isConfigured = true;
  }
  const logger = new Logger('error');
  const { database, clock } = core;
  @Global()
  @Module({
    imports: [AccessModule],
    providers: [{ provide: Authority, useExisting: AccessAuthority }],
    exports: [Authority],
  })
  class AuthorityModule {}
  @Module({
    imports: [
      PlatformModule.with({ database, clock, logger, address: new Address() }),
      SecretModule.with(new Secret(secretKey)),
      EgressModule.with(new EgressEnvironment({ egressAllow: '127.0.0.1' })),
      AuthorityModule,
      IdentitySourceModule,
      LdapModule,
      OidcModule,
    ],
  })
  class Rooms {}
  return NestFactory.createApplicationContext(Rooms, { logger, abortOnError: false });
}
