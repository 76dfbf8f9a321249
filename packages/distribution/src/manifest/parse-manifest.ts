import { isUtf8 } from 'node:buffer';
import { RegistryError } from '../error.ts';
import type { ManifestContent } from '../manifest.ts';
import {
  MANIFEST_LIMITS,
  type MemberReader,
  readAnnotations,
  readDescriptor,
  readDescriptors,
  readObject,
  readText,
} from './descriptor.ts';
import { inspectJson } from './json-gate.ts';
import {
  DOCKER_MANIFEST,
  DOCKER_MANIFEST_LIST,
  essenceOf,
  isForeignLayer,
  MANIFEST_KINDS,
  type ManifestKind,
  OCI_IMAGE_INDEX,
  OCI_IMAGE_MANIFEST,
  WITHDRAWN_TYPES,
} from './media-type.ts';
import { invalidManifest } from './refusal.ts';

export interface ParsedManifest {
  readonly mediaType: string;
  readonly content: ManifestContent;
}

const MEMBERS = [
  'schemaVersion',
  'mediaType',
  'artifactType',
  'config',
  'layers',
  'manifests',
  'subject',
  'annotations',
] as const;
/** Members of the signed schema 1 manifest. Next to schema 2 members they make bytes that old readers read differently. */
const SCHEMA1_MEMBERS = ['fsLayers', 'history', 'signatures'] as const;

/**
 * Reads a manifest as every client would read it, or refuses it. Bytes that one reader could take for an image and
 * another for an index, or that two readers would read differently, never enter the registry (S70). `contentType` is
 * the request's header; without it the manifest's own mediaType decides, else its members (P3).
 */
export function parseManifest(payload: Buffer, contentType: string | undefined): ParsedManifest {
  const announced = contentType === undefined ? undefined : essenceOf(contentType);
  if (announced !== undefined) requireKnownType(announced);
  const root = readObject(parseJson(payload), 'the manifest', [...MEMBERS, ...SCHEMA1_MEMBERS]);
  if (root['schemaVersion'] !== 2) throw invalidManifest('schemaVersion is not 2');
  for (const member of SCHEMA1_MEMBERS) {
    if (member in root) throw invalidManifest(`${member} belongs to the old schema 1`);
  }
  const mediaType = decideType(root, announced);
  const kind = MANIFEST_KINDS.get(mediaType) as ManifestKind;
  return { mediaType, content: kind === 'image' ? readImage(root) : readIndex(root) };
}

function parseJson(payload: Buffer): unknown {
  if (!isUtf8(payload)) throw invalidManifest('it is not UTF-8 text');
  const verdict = inspectJson(payload);
  if (!verdict.ok) throw invalidManifest(verdict.reason);
  const text = payload.toString();
  if (!verdict.oddNumbers) return JSON.parse(text);
  // Only plain integers keep their value: wherever a size is expected, NaN is then refused; elsewhere nobody looks.
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && !isPlainInteger(context?.source ?? '') ? Number.NaN : value,
  );
}

function isPlainInteger(source: string): boolean {
  for (let index = 0; index < source.length; index++) {
    const code = source.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return source.length > 0;
}

function requireKnownType(mediaType: string): void {
  if (MANIFEST_KINDS.has(mediaType)) return;
  const reason = WITHDRAWN_TYPES.get(mediaType);
  if (reason) throw new RegistryError('MANIFEST_INVALID', reason);
  throw invalidManifest('its type is not one of the OCI and Docker image manifest and index types');
}

function decideType(root: MemberReader, announced: string | undefined): string {
  const written = readText(root, 'mediaType');
  if (written !== undefined) requireKnownType(written);
  if (announced !== undefined && written !== undefined && announced !== written) {
    throw invalidManifest('its mediaType differs from the Content-Type of the request');
  }
  const mediaType = written ?? announced ?? inferType(root);
  if (written === undefined && (mediaType === DOCKER_MANIFEST || mediaType === DOCKER_MANIFEST_LIST)) {
    throw invalidManifest('a Docker manifest must name its mediaType');
  }
  return mediaType;
}

function inferType(root: MemberReader): string {
  if ('manifests' in root) return OCI_IMAGE_INDEX;
  if ('config' in root) return OCI_IMAGE_MANIFEST;
  throw invalidManifest('it is neither an image manifest nor an index');
}

function readImage(root: MemberReader): ManifestContent {
  if ('manifests' in root) throw invalidManifest('an image manifest must not contain manifests');
  const config = readDescriptor(root['config'], 'config');
  const layers = readDescriptors(root['layers'], 'layers', MANIFEST_LIMITS.layers);
  const artifactType = readText(root, 'artifactType') || config.mediaType;
  return {
    kind: 'image',
    config,
    layers: layers.filter((layer) => !isForeignLayer(layer.mediaType)),
    foreignLayers: layers.filter((layer) => isForeignLayer(layer.mediaType)),
    children: [],
    artifactType,
    ...readCommon(root),
  };
}

function readIndex(root: MemberReader): ManifestContent {
  if ('layers' in root || 'config' in root) throw invalidManifest('an index must not contain config or layers');
  const artifactType = readText(root, 'artifactType');
  return {
    kind: 'index',
    layers: [],
    foreignLayers: [],
    children: readDescriptors(root['manifests'], 'manifests', MANIFEST_LIMITS.children),
    ...(artifactType ? { artifactType } : {}),
    ...readCommon(root),
  };
}

function readCommon(root: MemberReader): Pick<ManifestContent, 'subject' | 'annotations'> {
  const annotations = readAnnotations(root, 'the manifest');
  return {
    ...(root['subject'] === undefined || root['subject'] === null
      ? {}
      : { subject: readDescriptor(root['subject'], 'subject') }),
    ...(annotations ? { annotations } : {}),
  };
}
