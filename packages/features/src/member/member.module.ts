import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { MemberController } from './member.controller.ts';
import { MemberService } from './member.service.ts';
import { MemberStore } from './member.store.ts';

@Module({
  controllers: [MemberController],
  providers: [
    { provide: MemberStore, inject: [Database], useFactory: (database: Database) => new MemberStore(database) },
    MemberService,
  ],
})
export class MemberModule {}
