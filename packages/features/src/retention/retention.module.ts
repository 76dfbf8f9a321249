import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { CandidateStore } from './candidate.store.ts';
import { EvaluationService } from './evaluation.service.ts';
import { PreviewService } from './preview.service.ts';
import { RetentionController } from './retention.controller.ts';
import { RetentionService } from './retention.service.ts';
import { RetentionPolicyController } from './retention-policy.controller.ts';
import { RetentionPolicyStore } from './retention-policy.store.ts';
import { RetentionRunService } from './retention-run.service.ts';

/** Needs `Authority`, which the process binds to the access room. */
@Module({
  imports: [AccessModule, SettingsModule],
  controllers: [RetentionController, RetentionPolicyController],
  providers: [
    { provide: CandidateStore, inject: [Database], useFactory: (database: Database) => new CandidateStore(database) },
    {
      provide: RetentionPolicyStore,
      inject: [Database],
      useFactory: (database: Database) => new RetentionPolicyStore(database),
    },
    {
      provide: EvaluationService,
      inject: [CandidateStore],
      useFactory: (candidates: CandidateStore) => new EvaluationService(candidates),
    },
    PreviewService,
    RetentionService,
    RetentionRunService,
  ],
})
export class RetentionModule {}
