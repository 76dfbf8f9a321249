import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.ts';
import { ArtifactModule } from '../artifact/index.ts';
import { ArtifactContentModule } from '../artifact-content/index.ts';
import { ArtifactInsightController } from './artifact-insight.controller.ts';
import { ArtifactInsightService } from './artifact-insight.service.ts';
import { ArtifactInsightStore } from './artifact-insight.store.ts';
import { ComparisonService } from './comparison.service.ts';

@Module({
  imports: [AccessModule, ArtifactModule, ArtifactContentModule],
  controllers: [ArtifactInsightController],
  providers: [
    {
      provide: ArtifactInsightStore,
      inject: [Database],
      useFactory: (database: Database) => new ArtifactInsightStore(database),
    },
    ArtifactInsightService,
    ComparisonService,
  ],
})
export class ArtifactInsightModule {}
