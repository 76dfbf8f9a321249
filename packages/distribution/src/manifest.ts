import type { Digest } from './digest.ts';

/** Levels of indexes a push may build: an index of images has depth 1. Guards every walk over the graph (S114). */
export const MAX_INDEX_DEPTH = 8;

/** A descriptor inside a manifest, reduced to what the registry acts on. */
export interface ContentDescriptor {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly platform?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly urls?: readonly string[];
}

/** What the registry reads out of a manifest. Unknown members are not here; they live on in the stored bytes. */
export interface ManifestContent {
  readonly kind: 'image' | 'index';
  readonly config?: ContentDescriptor;
  /** Layers of an image that must be in the repository. */
  readonly layers: readonly ContentDescriptor[];
  /** Layers that may be missing: foreign and non-distributable ones. */
  readonly foreignLayers: readonly ContentDescriptor[];
  /** Entries of an index, in order. An entry may name a manifest or (old build caches) a blob. */
  readonly children: readonly ContentDescriptor[];
  readonly subject?: ContentDescriptor;
  /** `artifactType` as written, else `config.mediaType` of an image, else absent. */
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}
