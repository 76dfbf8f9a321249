import type { Secret } from '@moorage/config';
import { Database } from '@moorage/database';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { KeyCheckStore } from './key-check.store.ts';
import { KeyRing } from './key-ring.ts';

/** Gives every room the key ring. */
@Global()
@Module({})
export class SecretModule {
  /** `key` is the instance key of 32 bytes. */
  static with(key: Secret<Buffer>): DynamicModule {
    return {
      module: SecretModule,
      providers: [
        { provide: KeyRing, useValue: new KeyRing(key) },
        {
          provide: KeyCheckStore,
          inject: [Database],
          useFactory: (database: Database) => new KeyCheckStore(database),
        },
      ],
      exports: [KeyRing, KeyCheckStore],
    };
  }
}
