import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AccessService } from './access.service.ts';
import { AccessStore } from './access.store.ts';

@Module({
  providers: [
    { provide: AccessStore, inject: [Database], useFactory: (database: Database) => new AccessStore(database) },
    AccessService,
  ],
  exports: [AccessService],
})
export class AccessModule {}
