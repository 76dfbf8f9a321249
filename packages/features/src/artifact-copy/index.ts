export { ArtifactCopyModule } from './artifact-copy.module.ts';
