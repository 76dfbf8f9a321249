import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  type Algorithm,
  type Artifact,
  artifactOf,
  type Content,
  contentOf,
  type Descriptor,
  jsonContent,
  type Platform,
} from './content.ts';
import { MEDIA_TYPE } from './media-type.ts';
import { seededBytes } from './seeded-bytes.ts';
import { type TarEntry, tarOf } from './tar.ts';

export interface ImageOptions {
  /** Sizes of seeded layers in bytes; two of 2 KiB unless given. Ignored when {@link layers} is given. */
  readonly layerSizes?: readonly number[];
  /** Layers made beforehand with {@link ImageFactory.layer}. */
  readonly layers?: readonly Layer[];
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly subject?: Descriptor;
  /** Members of the config under `config`: `Cmd`, `Env`, `Labels` and so on. */
  readonly run?: Readonly<Record<string, unknown>>;
  readonly algorithm?: Algorithm;
  /** Descriptors of layers that are not stored here. */
  readonly foreignLayers?: readonly Descriptor[];
  /** Embeds the config in its descriptor as `data`. */
  readonly embedConfig?: boolean;
}

export interface IndexOptions {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly subject?: Descriptor;
  readonly algorithm?: Algorithm;
}

export interface Layer {
  readonly content: Content;
  /** Digest of the uncompressed archive. */
  readonly diffId: string;
}

const AMD64: Platform = { os: 'linux', architecture: 'amd64' };
const ARM64: Platform = { os: 'linux', architecture: 'arm64' };

/**
 * Makes OCI and Docker content. Everything follows from the seed: the same calls on a factory with the same seed give
 * the same digests, and two calls on one factory never give the same layer.
 */
export class ImageFactory {
  readonly #seed: string;
  #made = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A blob of seeded bytes. */
  blob(size: number, mediaType = 'application/octet-stream', algorithm: Algorithm = 'sha256'): Content {
    return contentOf(mediaType, seededBytes(this.#next(), size), {}, algorithm);
  }

  /** A gzip-compressed layer of the given entries; the media type is OCI's unless given. */
  layer(entries: readonly TarEntry[], mediaType: string = MEDIA_TYPE.ociLayerGzip, algorithm?: Algorithm): Layer {
    const archive = tarOf(entries);
    const bytes = mediaType.endsWith('gzip') ? gzipSync(archive, { level: 1 }) : archive;
    return {
      content: contentOf(mediaType, bytes, {}, algorithm),
      diffId: `sha256:${createHash('sha256').update(archive).digest('hex')}`,
    };
  }

  /** A layer with one seeded file of about `size` bytes. */
  seededLayer(size: number, mediaType?: string, algorithm?: Algorithm): Layer {
    const name = this.#next();
    return this.layer(
      [{ path: `seeded/${name.replaceAll('/', '-')}`, content: seededBytes(name, size) }],
      mediaType,
      algorithm,
    );
  }

  /** An OCI image manifest with config and layers. */
  image(options: ImageOptions = {}): Artifact {
    return this.#image(options, MEDIA_TYPE.ociManifest, MEDIA_TYPE.ociConfig, MEDIA_TYPE.ociLayerGzip);
  }

  /** A Docker image manifest, schema 2. */
  dockerImage(options: ImageOptions = {}): Artifact {
    return this.#image(options, MEDIA_TYPE.dockerManifest, MEDIA_TYPE.dockerConfig, MEDIA_TYPE.dockerLayerGzip);
  }

  /** An OCI index of the given artifacts; of an amd64 and an arm64 image unless given. */
  index(children?: readonly Artifact[], options: IndexOptions = {}): Artifact {
    const entries = children ?? [AMD64, ARM64].map((platform) => this.image({ platform }));
    const body = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociIndex,
      artifactType: options.artifactType,
      manifests: entries.map((child) => child.root.descriptor),
      subject: options.subject,
      annotations: options.annotations,
    };
    return artifactOf(jsonContent(MEDIA_TYPE.ociIndex, body, {}, options.algorithm), entries);
  }

  /** A Docker manifest list of an amd64 and an arm64 image. */
  dockerList(): Artifact {
    const children = [AMD64, ARM64].map((platform) => this.dockerImage({ platform }));
    const manifests = children.map((child) => child.root.descriptor);
    const body = { schemaVersion: 2, mediaType: MEDIA_TYPE.dockerList, manifests };
    return artifactOf(jsonContent(MEDIA_TYPE.dockerList, body), children);
  }

  /** An index without entries. */
  emptyIndex(): Artifact {
    return this.index([], { annotations: { 'org.example.made-by': this.#next() } });
  }

  /** An index of two indexes. */
  nestedIndex(): Artifact {
    return this.index([this.index(), this.index()]);
  }

  /** An image and its index, all named by sha512. */
  sha512Index(): Artifact {
    return this.index([this.image({ algorithm: 'sha512' })], { algorithm: 'sha512' });
  }

  /** An image with a foreign layer beside an ordinary one. */
  imageWithForeignLayers(): Artifact {
    const missing = this.blob(64).descriptor;
    const foreign = { ...missing, urls: [`https://layers.example.com/${missing.digest}`] };
    return this.image({
      layerSizes: [1024],
      foreignLayers: [{ ...foreign, mediaType: MEDIA_TYPE.ociForeignLayer }],
    });
  }

  /** An image whose manifest has close to `bytes` bytes, most of them annotations. */
  imageWithLargeManifest(bytes: number = 4 * 1024 * 1024 - 4096): Artifact {
    const annotations: Record<string, string> = {};
    const value = 'A'.repeat(10_000);
    for (let index = 0; index * 10_030 < bytes - 12_000; index++) annotations[`org.example.large-${index}`] = value;
    return this.image({ annotations });
  }

  #image(options: ImageOptions, manifestType: string, configType: string, layerType: string): Artifact {
    const { algorithm, platform = AMD64 } = options;
    const sizes = options.layerSizes ?? [2048, 2048];
    const layers = options.layers ?? sizes.map((size) => this.seededLayer(size, layerType, algorithm));
    const config = jsonContent(
      configType,
      {
        architecture: platform.architecture,
        os: platform.os,
        variant: platform.variant,
        created: '2026-01-01T00:00:00Z',
        config: options.run ?? {},
        rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
        history: layers.map(() => ({ created: '2026-01-01T00:00:00Z', created_by: this.#next() })),
      },
      {},
      algorithm,
    );
    const body = {
      schemaVersion: 2,
      mediaType: manifestType,
      config: options.embedConfig ? { ...config.descriptor, data: config.bytes.toString('base64') } : config.descriptor,
      layers: [...layers.map((layer) => layer.content.descriptor), ...(options.foreignLayers ?? [])],
      subject: options.subject,
      annotations: options.annotations,
    };
    const root = jsonContent(manifestType, body, { platform }, algorithm);
    return artifactOf(root, [], [config, ...layers.map((layer) => layer.content)]);
  }

  #next(): string {
    return `${this.#seed}/${this.#made++}`;
  }
}
