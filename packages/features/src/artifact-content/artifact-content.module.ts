import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { ArtifactModule } from '../artifact/index.ts';
import { AdditionService } from './addition.service.ts';
import { ArtifactContentController } from './artifact-content.controller.ts';
import { ArtifactContentService } from './artifact-content.service.ts';
import { ArtifactContentStore } from './artifact-content.store.ts';

/** Needs a `BlobReader` from the process that composes it. */
@Module({
  imports: [ArtifactModule],
  controllers: [ArtifactContentController],
  providers: [
    {
      provide: ArtifactContentStore,
      inject: [Database],
      useFactory: (database: Database) => new ArtifactContentStore(database),
    },
    ArtifactContentService,
    AdditionService,
  ],
  exports: [ArtifactContentService],
})
export class ArtifactContentModule {}
