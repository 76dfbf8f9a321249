import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { SettingsModule } from '../settings/index.ts';
import { SigningKeyService } from './signing-key.service.ts';
import { SigningKeyStore } from './signing-key.store.ts';
import { TokenKeyController } from './token-key.controller.ts';

@Module({
  imports: [SettingsModule],
  controllers: [TokenKeyController],
  providers: [
    { provide: SigningKeyStore, inject: [Database], useFactory: (database: Database) => new SigningKeyStore(database) },
    SigningKeyService,
  ],
  exports: [SigningKeyService],
})
export class TokenKeyModule {}
