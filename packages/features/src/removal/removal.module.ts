import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.ts';
import { RemovalController } from './removal.controller.ts';
import { RemovalRunService } from './removal-run.service.ts';
import { RemovalService } from './removal.service.ts';

@Module({
  imports: [AccessModule],
  controllers: [RemovalController],
  providers: [RemovalService, RemovalRunService],
})
export class RemovalModule {}
