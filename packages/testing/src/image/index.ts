export { ArtifactFactory, type ArtifactOptions } from './artifact-factory.ts';
export { type Artifact, type Content, contentOf, type Descriptor, jsonContent, type Platform } from './content.ts';
export { ImageFactory, type ImageOptions, type IndexOptions, type Layer } from './image-factory.ts';
export { MEDIA_TYPE } from './media-type.ts';
export { seededBytes, seededDigest, seededStream } from './seeded-bytes.ts';
export { type TarEntry, tarOf } from './tar.ts';
