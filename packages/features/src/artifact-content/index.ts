export { ArtifactContentModule } from './artifact-content.module.ts';
export { ArtifactContentService } from './artifact-content.service.ts';
export { BlobReader } from './blob-reader.ts';
