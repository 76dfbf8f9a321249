import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { ThrottleService } from './throttle.service.ts';
import { ThrottleStore } from './throttle.store.ts';

@Module({
  providers: [
    { provide: ThrottleStore, inject: [Database], useFactory: (database: Database) => new ThrottleStore(database) },
    ThrottleService,
  ],
  exports: [ThrottleService],
})
export class ThrottleModule {}
