import { Module } from '@nestjs/common';
import { ExecutionModule } from '../execution/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { GarbageCollectionController } from './garbage-collection.controller.ts';
import { GarbageCollectionService } from './garbage-collection.service.ts';

@Module({
  imports: [ExecutionModule, SettingsModule],
  controllers: [GarbageCollectionController],
  providers: [GarbageCollectionService],
})
export class GarbageCollectionModule {}
