import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.ts';
import { ArtifactModule } from '../artifact/index.ts';
import { ContentChanges } from '../content/index.ts';
import { TagHistoryController } from './tag-history.controller.ts';
import { TagHistoryService } from './tag-history.service.ts';
import { TagHistoryStore } from './tag-history.store.ts';

@Module({
  imports: [AccessModule, ArtifactModule],
  controllers: [TagHistoryController],
  providers: [
    { provide: TagHistoryStore, inject: [Database], useFactory: (database: Database) => new TagHistoryStore(database) },
    { provide: ContentChanges, inject: [Database], useFactory: (database: Database) => new ContentChanges(database) },
    TagHistoryService,
  ],
})
export class TagHistoryModule {}
