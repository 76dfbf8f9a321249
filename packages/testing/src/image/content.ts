import { createHash } from 'node:crypto';

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** A descriptor as it is written into manifests; the order of members is the order on the wire. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
  readonly urls?: readonly string[];
  readonly data?: string;
}

/** Bytes with the descriptor that names them: a blob or a manifest. */
export interface Content {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** Everything a push of one artifact sends, in an order every registry accepts. */
export interface Artifact {
  /** The manifest that a tag points at. */
  readonly root: Content;
  /** All manifests, children before parents; the last one is {@link root}. */
  readonly manifests: readonly Content[];
  /** All blobs that the registry must hold; foreign layers are not among them. */
  readonly blobs: readonly Content[];
  /** The tag by which clients find it, where a convention fixes one (signatures in tag form). */
  readonly tag?: string;
}

export type Algorithm = 'sha256' | 'sha512';

export function contentOf(
  mediaType: string,
  bytes: Buffer,
  members: Partial<Descriptor> = {},
  algorithm: Algorithm = 'sha256',
): Content {
  const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  return { bytes, descriptor: { mediaType, digest, size: bytes.length, ...members } };
}

/** JSON as compact bytes; members that are undefined are left out. */
export function jsonContent(
  mediaType: string,
  value: unknown,
  members: Partial<Descriptor> = {},
  algorithm: Algorithm = 'sha256',
): Content {
  return contentOf(mediaType, Buffer.from(JSON.stringify(value)), members, algorithm);
}

/** Joins what artifacts carry under a new root; each blob and manifest appears once. */
export function artifactOf(root: Content, parts: readonly Artifact[], blobs: readonly Content[] = []): Artifact {
  return {
    root,
    manifests: unique([...parts.flatMap((part) => part.manifests), root]),
    blobs: unique([...parts.flatMap((part) => part.blobs), ...blobs]),
  };
}

function unique(contents: readonly Content[]): Content[] {
  return [...new Map(contents.map((content) => [content.descriptor.digest, content])).values()];
}
