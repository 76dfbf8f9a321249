export { ArtifactLabelModule } from './artifact-label.module.ts';
