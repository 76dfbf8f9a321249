import { Global, Module } from '@nestjs/common';
import { ExecutionService } from './execution.service.ts';
import { ScheduleService } from './schedule.service.ts';

/** Every room with long work needs these. */
@Global()
@Module({ providers: [ExecutionService, ScheduleService], exports: [ExecutionService, ScheduleService] })
export class ExecutionModule {}
