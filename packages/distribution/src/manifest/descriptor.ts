import { algorithmOf, digestOf, parseDigest } from '../digest.ts';
import type { ContentDescriptor } from '../manifest.ts';
import { invalidManifest } from './refusal.ts';

/** The members of a JSON object that {@link readObject} has checked. */
export type MemberReader = Readonly<Record<string, unknown>>;

/** Caps on what one manifest may list, far above real images and low enough for every walk over the graph (S114). */
export const MANIFEST_LIMITS = { children: 4096, layers: 4096, textLength: 255 } as const;

const DESCRIPTOR_MEMBERS = ['mediaType', 'digest', 'size', 'urls', 'annotations', 'data', 'artifactType', 'platform'];

/**
 * Takes a JSON value as an object. A member that differs from a known one only in case is refused, because some
 * readers (Go) would take it for the known one and others would not.
 */
export function readObject(value: unknown, where: string, known: readonly string[]): MemberReader {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidManifest(`${where} is not an object`);
  for (const member of Object.keys(value)) {
    if (known.includes(member)) continue;
    const folded = fold(member);
    if (known.some((name) => fold(name) === folded))
      throw invalidManifest(`${where} spells a member as ${JSON.stringify(member)}`);
  }
  return value as MemberReader;
}

/** Case folding as Go's decoder does it: also the long s and the Kelvin sign fold to ASCII letters. */
function fold(text: string): string {
  return text.toUpperCase().toLowerCase();
}

/** A string member; undefined when absent or null. */
export function readText(object: MemberReader, member: string): string | undefined {
  const value = object[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > MANIFEST_LIMITS.textLength) {
    throw invalidManifest(`${member} is not a string of at most ${MANIFEST_LIMITS.textLength} characters`);
  }
  return value;
}

/** A list of descriptors; the list must be there but may be empty. */
export function readDescriptors(value: unknown, where: string, limit: number): ContentDescriptor[] {
  if (!Array.isArray(value)) throw invalidManifest(`${where} is not a list`);
  if (value.length > limit) throw invalidManifest(`${where} has more than ${limit} entries`);
  return value.map((entry, index) => readDescriptor(entry, `${where}[${index}]`));
}

/** A content descriptor (image-spec descriptor.md). Embedded `data` must be the content that the digest names. */
export function readDescriptor(value: unknown, where: string): ContentDescriptor {
  const object = readObject(value, where, DESCRIPTOR_MEMBERS);
  const mediaType = readText(object, 'mediaType');
  if (!mediaType) throw invalidManifest(`${where} has no mediaType`);
  const digest = typeof object['digest'] === 'string' ? parseDigest(object['digest']) : null;
  if (!digest) throw invalidManifest(`${where} has no valid sha256 or sha512 digest`);
  const size = object['size'];
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw invalidManifest(`${where} has no valid size`);
  const descriptor: ContentDescriptor = {
    digest,
    mediaType,
    size,
    platform: readPlatform(object, where),
    annotations: readAnnotations(object, where),
    urls: readUrls(object, where),
  };
  checkData(object['data'], descriptor, where);
  return descriptor;
}

/** Annotations are a map of strings; undefined when absent or null. */
export function readAnnotations(object: MemberReader, where: string): Record<string, string> | undefined {
  const value = object['annotations'];
  if (value === undefined || value === null) return undefined;
  if (
    typeof value !== 'object' ||
    Array.isArray(value) ||
    !Object.values(value).every((text) => typeof text === 'string')
  ) {
    throw invalidManifest(`the annotations of ${where} are not a map of strings`);
  }
  return value as Record<string, string>;
}

function readPlatform(object: MemberReader, where: string): Record<string, unknown> | undefined {
  const value = object['platform'];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value))
    throw invalidManifest(`the platform of ${where} is not an object`);
  return value as Record<string, unknown>;
}

function readUrls(object: MemberReader, where: string): string[] | undefined {
  const value = object['urls'];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every((url) => typeof url === 'string')) {
    throw invalidManifest(`the urls of ${where} are not a list of strings`);
  }
  return value;
}

function checkData(data: unknown, descriptor: ContentDescriptor, where: string): void {
  if (data === undefined || data === null) return;
  if (typeof data !== 'string') throw invalidManifest(`the data of ${where} is not a string`);
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length !== descriptor.size || digestOf(bytes, algorithmOf(descriptor.digest)) !== descriptor.digest) {
    throw invalidManifest(`the data of ${where} is not the content of its digest`);
  }
}
