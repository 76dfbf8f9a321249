export { ArtifactModule } from './artifact.module.ts';
export { BlobReader } from './artifact-content.service.ts';
