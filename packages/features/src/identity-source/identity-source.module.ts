import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { GroupModule } from '../group/index.ts';
import { IdentityService, LoginModule } from '../login/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { UserModule } from '../user/index.ts';
import { ConfirmationService } from './confirmation.service.ts';
import { ExternalAccountService } from './external-account.service.ts';
import { ExternalAccountStore } from './external-account.store.ts';
import { IdentitySourceController } from './identity-source.controller.ts';
import { IdentitySourceService } from './identity-source.service.ts';
import { IdentitySourceStore } from './identity-source.store.ts';
import { SourceKinds } from './source-kinds.ts';

@Module({
  imports: [SettingsModule, UserModule, GroupModule, LoginModule],
  controllers: [IdentitySourceController],
  providers: [
    {
      provide: IdentitySourceStore,
      inject: [Database],
      useFactory: (database: Database) => new IdentitySourceStore(database),
    },
    {
      provide: ExternalAccountStore,
      inject: [Database],
      useFactory: (database: Database) => new ExternalAccountStore(database),
    },
    IdentitySourceService,
    ExternalAccountService,
    SourceKinds,
    ConfirmationService,
  ],
  exports: [IdentitySourceService, ExternalAccountService, SourceKinds, ConfirmationService],
})
export class IdentitySourceModule {
  constructor(identities: IdentityService, confirmations: ConfirmationService) {
    identities.confirmWith((userId, maxAgeMs) => confirmations.confirm(userId, maxAgeMs));
  }
}
