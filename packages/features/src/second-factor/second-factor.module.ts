import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { SettingsModule } from '../settings/index.ts';
import { ThrottleModule } from '../throttle/index.ts';
import { UserModule } from '../user/index.ts';
import { FactorProofService } from './factor-proof.service.ts';
import { PasskeyService } from './passkey.service.ts';
import { PendingLoginStore } from './pending-login.store.ts';
import { SecondFactorController } from './second-factor.controller.ts';
import { SecondFactorService } from './second-factor.service.ts';
import { SecondFactorStore } from './second-factor.store.ts';

@Module({
  imports: [UserModule, SettingsModule, ThrottleModule],
  controllers: [SecondFactorController],
  providers: [
    {
      provide: SecondFactorStore,
      inject: [Database],
      useFactory: (database: Database) => new SecondFactorStore(database),
    },
    {
      provide: PendingLoginStore,
      inject: [Database],
      useFactory: (database: Database) => new PendingLoginStore(database),
    },
    PasskeyService,
    SecondFactorService,
    FactorProofService,
  ],
  exports: [FactorProofService],
})
export class SecondFactorModule {}
