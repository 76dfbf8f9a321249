import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AccessoryStore } from './accessory.store.ts';
import { ArtifactController } from './artifact.controller.ts';
import { ArtifactService } from './artifact.service.ts';
import { ArtifactStore } from './artifact.store.ts';
import { ContentChanges } from '../content/index.ts';
import { LabelModule } from '../label/index.ts';
import { ArtifactChangeService } from './artifact-change.service.ts';
import { TagController } from './tag.controller.ts';
import { TagService } from './tag.service.ts';
import { TagFacetStore } from './tag-facet.store.ts';
import { TagStore } from './tag.store.ts';

@Module({
  imports: [LabelModule],
  controllers: [ArtifactController, TagController],
  providers: [
    { provide: ArtifactStore, inject: [Database], useFactory: (database: Database) => new ArtifactStore(database) },
    { provide: TagStore, inject: [Database], useFactory: (database: Database) => new TagStore(database) },
    { provide: TagFacetStore, inject: [Database], useFactory: (database: Database) => new TagFacetStore(database) },
    { provide: AccessoryStore, inject: [Database], useFactory: (database: Database) => new AccessoryStore(database) },
    { provide: ContentChanges, inject: [Database], useFactory: (database: Database) => new ContentChanges(database) },
    ArtifactService,
    ArtifactChangeService,
    TagService,
  ],
  exports: [ArtifactService],
})
export class ArtifactModule {}
