import { DIGEST_ALGORITHMS, type Digest, type DigestAlgorithm } from '../digest.ts';
import { RegistryError } from '../error.ts';
import { type Chunk, UploadOutOfStep } from '../operations/uploads.ts';
import type { UploadSession } from '../ports/index.ts';
import { isUploadId, parseRepositoryName, type RepositoryName } from '../reference.ts';
import { type Answer, emptyAnswer, NO_STORE } from './answer.ts';
import { requireDigest } from './blob-endpoints.ts';
import { errorAnswer } from './error-answer.ts';
import { parseContentRange, parseCount } from './range.ts';
import { announcesBody, declaredLength } from './request-body.ts';
import { changeContext, type Grant, type Visit } from './visit.ts';

interface UploadsRoute {
  readonly name: RepositoryName;
}

interface UploadRoute extends UploadsRoute {
  readonly id: string;
}

/** Names the repository a mount would read; a malformed name is no source and tells nothing (S67). */
export function mountSource(visit: Visit): RepositoryName | undefined {
  if (visit.query.one('mount') === undefined) return undefined;
  return parseRepositoryName(visit.query.one('from') ?? '') ?? undefined;
}

/** POST: mounts a blob (M1–M6), takes a whole one (U2), or opens a session (U1). */
export async function postUpload(visit: Visit, route: UploadsRoute, grant: Grant): Promise<Answer> {
  const { operations, settings } = visit.service;
  if (route.name.length > settings.nameLength) {
    throw new RegistryError('NAME_INVALID', `the repository name is longer than ${settings.nameLength} characters`);
  }
  const context = changeContext(visit, grant);
  const mount = visit.query.one('mount');
  if (mount !== undefined) {
    const digest = requireDigest(mount);
    const from = visit.query.one('from') === undefined ? 'anywhere' : grant.mountFrom;
    if (from && (await operations.mountBlob(context, digest, from))) return blobCreated(route.name, digest);
  }
  const whole = visit.query.one('digest');
  if (whole !== undefined && mount === undefined) {
    const digest = requireDigest(whole);
    await operations.pushBlob(context, digest, { source: visit.body, ...announced(visit) });
    return blobCreated(route.name, digest);
  }
  const session = await operations.startUpload(context, announcedAlgorithm(visit));
  return uploadAnswer(202, route.name, session);
}

/** PATCH: appends a chunk, or everything in one stream (U4, U5). */
export async function patchUpload(visit: Visit, route: UploadRoute, grant: Grant): Promise<Answer> {
  const chunk = readChunk(visit);
  return inStep(route, async () => {
    const session = await visit.service.operations.appendUpload(changeContext(visit, grant), uploadId(route), chunk);
    return uploadAnswer(202, route.name, session);
  });
}

/** PUT: finishes an upload, with or without a last chunk (U3, U9). */
export async function putUpload(visit: Visit, route: UploadRoute, grant: Grant): Promise<Answer> {
  const text = visit.query.one('digest');
  if (text === undefined)
    throw new RegistryError('DIGEST_INVALID', 'the digest parameter is missing; the upload is kept');
  const digest = requireDigest(text);
  const chunk = announcesBody(visit.message) || visit.message.headers['content-range'] ? readChunk(visit) : undefined;
  return inStep(route, async () => {
    await visit.service.operations.finishUpload(changeContext(visit, grant), uploadId(route), digest, chunk);
    return blobCreated(route.name, digest);
  });
}

/** GET: where an interrupted upload continues (U7, U13). */
export async function getUpload(visit: Visit, route: UploadRoute, grant: Grant): Promise<Answer> {
  const session = await visit.service.operations.findUpload(changeContext(visit, grant), uploadId(route));
  return uploadAnswer(204, route.name, session);
}

/** DELETE: cancels an upload (U11). */
export async function deleteUpload(visit: Visit, route: UploadRoute, grant: Grant): Promise<Answer> {
  await visit.service.operations.cancelUpload(changeContext(visit, grant), uploadId(route));
  return emptyAnswer(204);
}

/** Reads where a chunk goes and how long it is: from Content-Range, else from the offset in the Location we gave out. */
function readChunk(visit: Visit): Chunk {
  const range = parseContentRange(visit.message.headers['content-range']);
  const declared = declaredLength(visit.message);
  if (!range) return { source: visit.body, offset: offsetParameter(visit), ...announced(visit) };
  const length = range.end - range.start + 1;
  if (declared !== undefined && declared !== length) {
    throw new RegistryError('SIZE_INVALID', 'Content-Length and Content-Range disagree about the length of the chunk');
  }
  return { source: visit.body, offset: range.start, length, announced: length };
}

function announced(visit: Visit): { readonly announced?: number } {
  const length = declaredLength(visit.message);
  return length === undefined ? {} : { announced: length };
}

/** Every Location carries the length it was given out at, so that a replayed PATCH without a range cannot append twice (R24). */
function offsetParameter(visit: Visit): number | undefined {
  const text = visit.query.one('offset');
  if (text === undefined) return undefined;
  const offset = parseCount(text);
  if (typeof offset === 'number') return offset;
  throw new RegistryError('BLOB_UPLOAD_INVALID', 'the Location of the upload was altered; ask for the upload again');
}

function announcedAlgorithm(visit: Visit): DigestAlgorithm | undefined {
  const text = visit.query.one('digest-algorithm');
  if (text === undefined) return undefined;
  const algorithm = DIGEST_ALGORITHMS.find((known) => known === text);
  if (algorithm) return algorithm;
  throw new RegistryError(
    'DIGEST_INVALID',
    `the registry knows the digest algorithms ${DIGEST_ALGORITHMS.join(' and ')}`,
  );
}

/** Ids are opaque; one that could not be ours never reaches a store. */
function uploadId(route: UploadRoute): string {
  const { id } = route;
  if (isUploadId(id)) return id;
  throw new RegistryError('BLOB_UPLOAD_UNKNOWN', 'there is no such upload in this repository; start a new one');
}

/** A chunk out of step is 416 with the Location and Range from which clients continue (U6). */
async function inStep(route: UploadRoute, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UploadOutOfStep)) throw error;
    const answer = errorAnswer(error);
    return { ...answer, headers: [...answer.headers, ...uploadHeaders(route.name, error.session)] };
  }
}

function uploadAnswer(status: number, name: RepositoryName, session: UploadSession): Answer {
  return emptyAnswer(status, uploadHeaders(name, session));
}

function uploadHeaders(name: RepositoryName, session: UploadSession): string[] {
  return [
    'Location',
    `/v2/${name}/blobs/uploads/${session.id}?offset=${session.offset}`,
    'Range',
    `0-${Math.max(0, session.offset - 1)}`,
    'Docker-Upload-UUID',
    session.id,
    'Cache-Control',
    NO_STORE,
  ];
}

function blobCreated(name: RepositoryName, digest: Digest): Answer {
  return emptyAnswer(201, ['Location', `/v2/${name}/blobs/${digest}`, 'Docker-Content-Digest', digest]);
}
