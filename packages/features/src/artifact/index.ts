export { ArtifactModule } from './artifact.module.ts';
export { ArtifactService } from './artifact.service.ts';
export { BlobReader } from './artifact-content.service.ts';
