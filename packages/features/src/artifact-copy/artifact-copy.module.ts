import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.ts';
import { ArtifactModule } from '../artifact/index.ts';
import { BlobReader } from '../artifact-content/index.ts';
import { registryLimits, SqlMetadataStore } from '../registry/index.ts';
import { SettingsModule, SettingsService } from '../settings/index.ts';
import { ArtifactCopyController } from './artifact-copy.controller.ts';
import { ArtifactCopyService } from './artifact-copy.service.ts';
import { ArtifactCopyStore } from './artifact-copy.store.ts';

/** Needs a `BlobReader` from the process that composes it. */
@Module({
  imports: [AccessModule, ArtifactModule, SettingsModule],
  controllers: [ArtifactCopyController],
  providers: [
    {
      provide: ArtifactCopyStore,
      inject: [Database],
      useFactory: (database: Database) => new ArtifactCopyStore(database),
    },
    {
      provide: SqlMetadataStore,
      inject: [Database, BlobReader, SettingsService],
      useFactory: (database: Database, blobs: BlobReader, settings: SettingsService) =>
        new SqlMetadataStore(database, blobs, registryLimits(settings)),
    },
    ArtifactCopyService,
  ],
})
export class ArtifactCopyModule {}
