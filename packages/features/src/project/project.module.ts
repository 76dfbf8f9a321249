import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { MetadataController } from './metadata.controller.ts';
import { ProjectController } from './project.controller.ts';
import { ProjectService } from './project.service.ts';
import { ProjectStore } from './project.store.ts';
import { ProjectCountsStore } from './project-counts.store.ts';
import { ProjectRemovalStore } from './project-removal.store.ts';

@Module({
  imports: [AccessModule, SettingsModule],
  controllers: [ProjectController, MetadataController],
  providers: [
    { provide: ProjectStore, inject: [Database], useFactory: (database: Database) => new ProjectStore(database) },
    {
      provide: ProjectCountsStore,
      inject: [Database],
      useFactory: (database: Database) => new ProjectCountsStore(database),
    },
    {
      provide: ProjectRemovalStore,
      inject: [Database],
      useFactory: (database: Database) => new ProjectRemovalStore(database),
    },
    ProjectService,
  ],
  exports: [ProjectService],
})
export class ProjectModule {}
