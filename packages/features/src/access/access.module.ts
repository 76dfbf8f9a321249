import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AccessAuthority } from './access-authority.service.ts';
import { AccessService } from './access.service.ts';
import { AccessStore } from './access.store.ts';

@Module({
  providers: [
    { provide: AccessStore, inject: [Database], useFactory: (database: Database) => new AccessStore(database) },
    AccessService,
    AccessAuthority,
  ],
  exports: [AccessService, AccessAuthority],
})
export class AccessModule {}
