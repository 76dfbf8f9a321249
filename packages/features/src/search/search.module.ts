import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { ProjectModule } from '../project/index.ts';
import { RepositoryModule } from '../repository/index.ts';
import { ArtifactSearchStore } from './artifact-search.store.ts';
import { SearchController } from './search.controller.ts';
import { SearchService } from './search.service.ts';

@Module({
  imports: [ProjectModule, RepositoryModule],
  controllers: [SearchController],
  providers: [
    {
      provide: ArtifactSearchStore,
      inject: [Database],
      useFactory: (database: Database) => new ArtifactSearchStore(database),
    },
    SearchService,
  ],
})
export class SearchModule {}
