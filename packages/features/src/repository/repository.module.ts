import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { ContentChanges } from '../content/index.ts';
import { RepositoryController } from './repository.controller.ts';
import { RepositoryService } from './repository.service.ts';
import { RepositoryStore } from './repository.store.ts';

@Module({
  controllers: [RepositoryController],
  providers: [
    { provide: RepositoryStore, inject: [Database], useFactory: (database: Database) => new RepositoryStore(database) },
    { provide: ContentChanges, inject: [Database], useFactory: (database: Database) => new ContentChanges(database) },
    RepositoryService,
  ],
  exports: [RepositoryService],
})
export class RepositoryModule {}
