import { Module } from '@nestjs/common';
import { IdentitySourceModule, SourceKinds } from '../identity-source/index.ts';
import { LdapController } from './ldap.controller.ts';
import { LdapDirectoriesService } from './ldap-directories.service.ts';
import { LdapService } from './ldap.service.ts';
import { LdapSourceService } from './ldap-source.service.ts';

@Module({
  imports: [IdentitySourceModule],
  controllers: [LdapController],
  providers: [LdapDirectoriesService, LdapSourceService, LdapService],
  exports: [LdapService],
})
export class LdapModule {
  constructor(kinds: SourceKinds, source: LdapSourceService) {
    kinds.add(source);
  }
}
