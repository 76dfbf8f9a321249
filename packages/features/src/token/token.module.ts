import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { LoginModule } from '../login/index.ts';
import { RobotModule } from '../robot/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { LiveRights } from './live-rights.ts';
import { RefreshTokenService } from './refresh-token.service.ts';
import { RefreshTokenStore } from './refresh-token.store.ts';
import { RegistryGate } from './registry-gate.ts';
import { RequestLimiter } from './request-limiter.ts';
import { SigningKeyService } from './signing-key.service.ts';
import { SigningKeyStore } from './signing-key.store.ts';
import { TokenController } from './token.controller.ts';
import { TokenKeyController } from './token-key.controller.ts';
import { TokenService } from './token.service.ts';
import { TokenIssuer } from './token-issuer.ts';
import { TokenVerifier } from './token-verifier.ts';

/** Needs `Authority`, which the process binds to the access room. */
@Module({
  imports: [LoginModule, RobotModule, SettingsModule],
  controllers: [TokenController, TokenKeyController],
  providers: [
    { provide: SigningKeyStore, inject: [Database], useFactory: (database: Database) => new SigningKeyStore(database) },
    {
      provide: RefreshTokenStore,
      inject: [Database],
      useFactory: (database: Database) => new RefreshTokenStore(database),
    },
    SigningKeyService,
    TokenVerifier,
    TokenIssuer,
    RefreshTokenService,
    LiveRights,
    RequestLimiter,
    TokenService,
    RegistryGate,
  ],
  exports: [RegistryGate, SigningKeyService, RefreshTokenService],
})
export class TokenModule {}
