export { ArtifactModule } from './artifact.module.ts';
export { BlobReader } from './blob-reader.ts';
