import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.ts';
import { ArtifactModule } from '../artifact/index.ts';
import { LabelModule } from '../label/index.ts';
import { ArtifactLabelController } from './artifact-label.controller.ts';
import { BulkLabelService } from './bulk-label.service.ts';

@Module({
  imports: [AccessModule, ArtifactModule, LabelModule],
  controllers: [ArtifactLabelController],
  providers: [BulkLabelService],
})
export class ArtifactLabelModule {}
