import { Module } from '@nestjs/common';
import { ProjectModule } from '../project/index.ts';
import { RepositoryModule } from '../repository/index.ts';
import { SearchController } from './search.controller.ts';
import { SearchService } from './search.service.ts';

@Module({
  imports: [ProjectModule, RepositoryModule],
  controllers: [SearchController],
  providers: [SearchService],
})
export class SearchModule {}
