import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { CredentialVerifiers, IdentityService, LoginModule } from '../login/index.ts';
import { RobotModule } from '../robot/index.ts';
import { ThrottleModule } from '../throttle/index.ts';
import { FederationController } from './federation.controller.ts';
import { FederationRuleService } from './federation-rule.service.ts';
import { FederationRuleStore } from './federation-rule.store.ts';
import { FederationVisitStore } from './federation-visit.store.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { JobTokenVerifier } from './job-token-verifier.ts';
import { JobVerdictService } from './job-verdict.service.ts';

/** Needs `EgressService`, and `Authority`, which the process binds to the access room. */
@Module({
  imports: [LoginModule, RobotModule, ThrottleModule],
  controllers: [FederationController],
  providers: [
    {
      provide: FederationRuleStore,
      inject: [Database],
      useFactory: (database: Database) => new FederationRuleStore(database),
    },
    {
      provide: FederationVisitStore,
      inject: [Database],
      useFactory: (database: Database) => new FederationVisitStore(database),
    },
    IssuerKeys,
    JobVerdictService,
    JobTokenVerifier,
    FederationRuleService,
  ],
})
export class FederationModule {
  constructor(verifiers: CredentialVerifiers, identities: IdentityService, jobs: JobTokenVerifier) {
    verifiers.add(jobs);
    identities.register('federated', (ids) => jobs.findActive(ids));
  }
}
