import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { GroupModule } from '../group/index.ts';
import { MemberController } from './member.controller.ts';
import { MemberService } from './member.service.ts';
import { MemberStore } from './member.store.ts';

@Module({
  imports: [GroupModule],
  controllers: [MemberController],
  providers: [
    { provide: MemberStore, inject: [Database], useFactory: (database: Database) => new MemberStore(database) },
    MemberService,
  ],
})
export class MemberModule {}
