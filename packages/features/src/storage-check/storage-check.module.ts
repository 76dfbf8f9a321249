import { Module } from '@nestjs/common';
import { ExecutionModule } from '../execution/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { StorageCheckController } from './storage-check.controller.ts';
import { StorageCheckService } from './storage-check.service.ts';

@Module({
  imports: [ExecutionModule, SettingsModule],
  controllers: [StorageCheckController],
  providers: [StorageCheckService],
})
export class StorageCheckModule {}
