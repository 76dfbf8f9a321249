import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { LoginModule } from '../login/index.ts';
import { RobotModule } from '../robot/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { TokenKeyModule } from '../token-key/index.ts';
import { LiveRights } from './live-rights.ts';
import { RefreshTokenService } from './refresh-token.service.ts';
import { RefreshTokenStore } from './refresh-token.store.ts';
import { RegistryGate } from './registry-gate.ts';
import { RequestLimiter } from './request-limiter.ts';
import { TokenController } from './token.controller.ts';
import { TokenService } from './token.service.ts';
import { TokenIssuer } from './token-issuer.ts';
import { TokenVerifier } from './token-verifier.ts';

/** Needs `Authority`, which the process binds to the access room. */
@Module({
  imports: [LoginModule, RobotModule, SettingsModule, TokenKeyModule],
  controllers: [TokenController],
  providers: [
    {
      provide: RefreshTokenStore,
      inject: [Database],
      useFactory: (database: Database) => new RefreshTokenStore(database),
    },
    TokenVerifier,
    TokenIssuer,
    RefreshTokenService,
    LiveRights,
    RequestLimiter,
    TokenService,
    RegistryGate,
  ],
  exports: [RegistryGate, RefreshTokenService],
})
export class TokenModule {}
