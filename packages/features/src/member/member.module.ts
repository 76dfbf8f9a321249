import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { GroupModule } from '../group/index.ts';
import { LdapModule } from '../ldap/index.ts';
import { ThrottleModule } from '../throttle/index.ts';
import { MemberController } from './member.controller.ts';
import { MemberDirectoryService } from './member-directory.service.ts';
import { MemberService } from './member.service.ts';
import { MemberStore } from './member.store.ts';

@Module({
  imports: [GroupModule, LdapModule, ThrottleModule],
  controllers: [MemberController],
  providers: [
    { provide: MemberStore, inject: [Database], useFactory: (database: Database) => new MemberStore(database) },
    MemberDirectoryService,
    MemberService,
  ],
})
export class MemberModule {}
