import { RegistryError } from '../error.ts';
import { refuse } from '../operations/outcome.ts';
import type { ManifestDescriptor } from '../ports/index.ts';
import { parseReference, parseTag, type Reference, type RepositoryName, type Tag } from '../reference.ts';
import { type Answer, emptyAnswer, IMMUTABLE, REVALIDATE } from './answer.ts';
import { clientHas, entityTag, pushCondition } from './conditional.ts';
import { changeContext, type Grant, type Visit } from './visit.ts';
import { warningHeaders } from './warning.ts';

/** Tags accepted in one push (P10); more is 414, as the parameters then no longer belong into a URL. */
const MAX_TAGS = 100;

interface ManifestRoute {
  readonly name: RepositoryName;
  readonly reference: string;
}

export function headManifest(visit: Visit, route: ManifestRoute, grant: Grant): Promise<Answer> {
  return pullManifest('HEAD', visit, route, grant);
}

export function getManifest(visit: Visit, route: ManifestRoute, grant: Grant): Promise<Answer> {
  return pullManifest('GET', visit, route, grant);
}

/** Serves the stored type and bytes whatever Accept says: nothing is ever converted (P12, P13). */
async function pullManifest(method: 'GET' | 'HEAD', visit: Visit, route: ManifestRoute, grant: Grant): Promise<Answer> {
  const { operations, hooks } = visit.service;
  const reference = pulledReference(route.reference);
  const manifest = await operations.findManifest(grant.repository, reference);
  const verdict = await hooks.beforePull?.(grant.repository, grant.caller, manifest);
  if (verdict?.refused !== undefined) throw refuse({ message: verdict.refused });
  const headers = [...describe(manifest, reference), ...warningHeaders(verdict?.warnings ?? [])];
  const read = { method, digest: manifest.digest, tag: reference.tag };
  if (clientHas(visit.message, manifest.digest)) {
    hooks.afterManifestRead?.(changeContext(visit, grant), read);
    return emptyAnswer(304, headers);
  }
  headers.push('Content-Type', manifest.mediaType);
  const body = method === 'GET' ? await operations.readManifest(grant.repository, manifest.digest) : undefined;
  hooks.afterManifestRead?.(changeContext(visit, grant), read);
  return { status: 200, headers, body, length: manifest.size };
}

export async function putManifest(visit: Visit, route: ManifestRoute, grant: Grant): Promise<Answer> {
  const { operations, settings } = visit.service;
  const reference = pushedReference(route.reference);
  const tags = additionalTags(visit, reference);
  const onlyIf = pushCondition(visit.message);
  if (route.name.length > settings.nameLength) {
    throw new RegistryError('NAME_INVALID', `the repository name is longer than ${settings.nameLength} characters`);
  }
  const payload = await visit.body.readAll(settings.manifestBytes);
  const pushed = await operations.putManifest(changeContext(visit, grant), {
    reference,
    tags,
    contentType: visit.message.headers['content-type'],
    payload,
    allowMissing: grant.allowMissing,
    onlyIf,
  });
  const headers = ['Location', `/v2/${route.name}/manifests/${pushed.digest}`, 'Docker-Content-Digest', pushed.digest];
  if (pushed.subject) headers.push('OCI-Subject', pushed.subject);
  if (reference.digest) for (const tag of pushed.tags) headers.push('OCI-Tag', tag);
  return emptyAnswer(201, [...headers, ...warningHeaders(pushed.warnings)]);
}

export async function deleteManifest(visit: Visit, route: ManifestRoute, grant: Grant): Promise<Answer> {
  const reference = pulledReference(route.reference);
  await visit.service.operations.deleteManifest(changeContext(visit, grant), reference);
  return emptyAnswer(202);
}

function describe(manifest: ManifestDescriptor, reference: Reference): string[] {
  return [
    'Docker-Content-Digest',
    manifest.digest,
    'ETag',
    entityTag(manifest.digest),
    'Cache-Control',
    reference.digest ? IMMUTABLE : REVALIDATE,
  ];
}

/** A malformed tag cannot exist, so asking for it is 404; a malformed digest is the client's mistake (T5, T6). */
function pulledReference(text: string): Reference {
  const reference = parseReference(text);
  if (reference) return reference;
  if (text.includes(':')) throw malformedDigest();
  throw new RegistryError('MANIFEST_UNKNOWN', 'the repository has no such manifest');
}

function pushedReference(text: string): Reference {
  const reference = parseReference(text);
  if (reference) return reference;
  throw text.includes(':') ? malformedDigest() : malformedTag();
}

function additionalTags(visit: Visit, reference: Reference): Tag[] {
  const texts = visit.query.all('tag');
  if (texts.length === 0) return [];
  if (!reference.digest) {
    throw new RegistryError('UNSUPPORTED', 'the tag parameter goes with a push by digest', { status: 400 });
  }
  if (texts.length > MAX_TAGS) {
    throw new RegistryError('TAG_INVALID', `more than ${MAX_TAGS} tags in one push`, { status: 414 });
  }
  const tags = new Set<Tag>();
  for (const text of texts) {
    const tag = parseTag(text);
    if (!tag) throw malformedTag();
    tags.add(tag);
  }
  return [...tags];
}

const malformedDigest = () =>
  new RegistryError('DIGEST_INVALID', 'the digest is malformed: use sha256 or sha512 with lower-case hex digits');

const malformedTag = () =>
  new RegistryError(
    'TAG_INVALID',
    'the tag is malformed: use up to 128 letters, digits and . _ - , not starting with . or -',
  );
