import { Module } from '@nestjs/common';
import { ArtifactModule } from '../artifact/index.ts';
import { LabelModule } from '../label/index.ts';
import { ArtifactLabelController } from './artifact-label.controller.ts';

@Module({ imports: [ArtifactModule, LabelModule], controllers: [ArtifactLabelController] })
export class ArtifactLabelModule {}
