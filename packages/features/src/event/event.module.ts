import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.ts';
import { ExecutionModule } from '../execution/index.ts';
import { OutboxTail } from '../outbox/index.ts';
import { Logger } from '../platform/index.ts';
import { EventController } from './event.controller.ts';
import { EventService } from './event.service.ts';

const LOOK_EVERY_MS = 300;

@Module({
  imports: [AccessModule, ExecutionModule],
  controllers: [EventController],
  providers: [
    {
      provide: OutboxTail,
      inject: [Database, Logger],
      useFactory: (database: Database, logger: Logger) =>
        new OutboxTail({
          database,
          everyMs: LOOK_EVERY_MS,
          onError: (error) => logger.warn('events cannot be read; live streams wait', { error }),
        }),
    },
    EventService,
  ],
  exports: [EventService],
})
export class EventModule {}
