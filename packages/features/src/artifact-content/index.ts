export { ArtifactContentModule } from './artifact-content.module.ts';
export { BlobReader } from './blob-reader.ts';
