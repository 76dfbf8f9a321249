import { Module } from '@nestjs/common';
import { ExecutionModule } from '../execution/index.ts';
import { ExecutionController } from './execution.controller.ts';
import { JobMonitorController } from './job-monitor.controller.ts';
import { JobMonitorService } from './job-monitor.service.ts';

@Module({
  imports: [ExecutionModule],
  controllers: [ExecutionController, JobMonitorController],
  providers: [JobMonitorService],
})
export class JobMonitorModule {}
