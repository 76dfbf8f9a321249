import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { GroupController } from './group.controller.ts';
import { GroupService } from './group.service.ts';
import { GroupStore } from './group.store.ts';
import { GroupMembershipService } from './group-membership.service.ts';
import { GroupMembershipStore } from './group-membership.store.ts';

@Module({
  controllers: [GroupController],
  providers: [
    { provide: GroupStore, inject: [Database], useFactory: (database: Database) => new GroupStore(database) },
    {
      provide: GroupMembershipStore,
      inject: [Database],
      useFactory: (database: Database) => new GroupMembershipStore(database),
    },
    GroupService,
    GroupMembershipService,
  ],
  exports: [GroupService, GroupMembershipService],
})
export class GroupModule {}
