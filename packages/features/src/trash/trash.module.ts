import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.ts';
import { ExecutionModule } from '../execution/index.ts';
import { ProjectTrashController } from './project-trash.controller.ts';
import { ProjectTrashService } from './project-trash.service.ts';
import { TrashController } from './trash.controller.ts';
import { TrashService } from './trash.service.ts';

@Module({
  imports: [AccessModule, ExecutionModule],
  controllers: [ProjectTrashController, TrashController],
  providers: [TrashService, ProjectTrashService],
})
export class TrashModule {}
