import { randomUUID } from 'node:crypto';
import { algorithmOf, type Digest, type DigestAlgorithm } from '../digest.ts';
import { RegistryError } from '../error.ts';
import {
  type ByteSource,
  type ChangeContext,
  InterruptedAppend,
  LostUpload,
  type MetadataStore,
  type UploadClaim,
  type UploadRoom,
  type UploadSession,
  type UploadStore,
} from '../ports/index.ts';
import { refuse } from './outcome.ts';

interface UploadPorts {
  readonly uploads: UploadStore;
  readonly metadata: Pick<
    MetadataStore,
    'linkBlob' | 'startUpload' | 'findUpload' | 'claimUpload' | 'findUploadRoom' | 'endUpload'
  >;
}

/** Bytes to add to an upload. */
export interface Chunk {
  readonly source: ByteSource;
  /** Where the client believes the chunk goes; anything else than the end of the upload is refused (U6, R24). */
  readonly offset?: number;
  /** How many bytes the client announced in Content-Range. */
  readonly length?: number;
  /** How many bytes the body has, when the request says so. */
  readonly announced?: number;
}

/** The chunk does not start where the upload ends, or another request is writing. The upload stays usable. */
export class UploadOutOfStep extends RegistryError {
  readonly session: UploadSession;

  constructor(session: UploadSession, message: string) {
    super('RANGE_INVALID', message);
    this.session = session;
  }
}

const DEFAULT_ALGORITHM: DigestAlgorithm = 'sha256';

const uploadUnknown = () =>
  new RegistryError('BLOB_UPLOAD_UNKNOWN', 'there is no such upload in this repository; start a new one');

const digestMismatch = (digest: Digest) =>
  new RegistryError('DIGEST_INVALID', 'the received content does not have this digest', { detail: { digest } });

/** Opens an upload session. */
export async function startUpload(
  ports: UploadPorts,
  context: ChangeContext,
  algorithm?: DigestAlgorithm,
): Promise<UploadSession> {
  const outcome = await ports.metadata.startUpload(context, algorithm);
  if (outcome.status === 'refused') throw refuse(outcome);
  return outcome.session;
}

/** The state of a session (U7). */
export async function findUpload(ports: UploadPorts, context: ChangeContext, id: string): Promise<UploadSession> {
  const session = await ports.metadata.findUpload(context, id);
  if (!session) throw uploadUnknown();
  return session;
}

/** Appends a chunk and returns the session with its new length (U4, U5). What arrived before a broken connection is kept (U13). */
export async function appendUpload(
  ports: UploadPorts,
  context: ChangeContext,
  id: string,
  chunk: Chunk,
): Promise<UploadSession> {
  const claim = await claimAt(ports, context, id, chunk);
  const { session } = claim;
  const offset = await receive(ports, context, claim, chunk, session.algorithm ?? DEFAULT_ALGORITHM);
  if (!(await claim.release(offset))) throw uploadUnknown();
  return { ...session, offset };
}

/**
 * Turns an upload, with an optional last chunk, into a blob of this repository and returns its size (U3–U5, U10). When
 * the content does not match the digest, the upload is what it was before this request (U9).
 */
export async function finishUpload(
  ports: UploadPorts,
  context: ChangeContext,
  id: string,
  digest: Digest,
  chunk?: Chunk,
): Promise<number> {
  const claim = await claimAt(ports, context, id, chunk);
  const { session } = claim;
  const algorithm = session.offset === 0 ? algorithmOf(digest) : (session.algorithm ?? DEFAULT_ALGORITHM);
  const size = chunk ? await receive(ports, context, claim, chunk, algorithm) : session.offset;
  const verdict = await seal(ports, context, id, digest, size);
  if (verdict === 'mismatch') {
    await claim.release(session.offset);
    throw digestMismatch(digest);
  }
  try {
    const outcome = await ports.metadata.linkBlob(context, { digest, size, uploadId: id });
    if (outcome.status === 'linked') return size;
    throw refuse(outcome);
  } catch (error) {
    // The bytes have left the upload, so the session is over either way. Should ending it fail too, purging finds it.
    await abandon(ports, context, id).catch(() => undefined);
    throw error;
  }
}

/** Uploads a whole blob in one request, without a session (U2). A broken or wrong body leaves nothing behind. */
export async function pushBlob(
  ports: UploadPorts,
  context: ChangeContext,
  digest: Digest,
  chunk: Chunk,
): Promise<number> {
  const room = await ports.metadata.findUploadRoom(context);
  if (room && (chunk.announced ?? 0) > room.bytes) throw refuse({ message: room.refusal });
  const source = room ? within(room, chunk.source) : chunk.source;
  const id = randomUUID();
  let size: number;
  try {
    size = await ports.uploads.append(id, 0, source, [algorithmOf(digest)]);
    if ((await ports.uploads.seal(id, digest, size)) === 'mismatch') throw digestMismatch(digest);
  } catch (error) {
    await ports.uploads.discard(id);
    throw error;
  }
  const outcome = await ports.metadata.linkBlob(context, { digest, size });
  if (outcome.status === 'refused') throw refuse(outcome);
  return size;
}

/** Ends a session and drops its bytes (U11). */
export async function cancelUpload(ports: UploadPorts, context: ChangeContext, id: string): Promise<void> {
  if (!(await ports.metadata.endUpload(context, id))) throw uploadUnknown();
  await ports.uploads.discard(id);
}

/** Takes the session's claim for a request with this chunk, or says where the session really is. */
async function claimAt(
  ports: UploadPorts,
  context: ChangeContext,
  id: string,
  chunk: Chunk | undefined,
): Promise<UploadClaim> {
  const offset = chunk?.offset;
  const claim = await ports.metadata.claimUpload(context, id, chunk?.announced);
  if (claim === 'missing') throw uploadUnknown();
  if (claim === 'busy') {
    throw new UploadOutOfStep(await findUpload(ports, context, id), 'another request is writing to this upload');
  }
  const { session } = claim;
  if (offset !== undefined && offset !== session.offset) {
    await claim.release(session.offset);
    throw new UploadOutOfStep(session, `the upload continues at byte ${session.offset}, not at ${offset}`);
  }
  if (chunk && claim.room && (chunk.announced ?? 0) > claim.room.bytes) {
    await claim.release(session.offset);
    throw refuse({ message: claim.room.refusal });
  }
  return claim;
}

/** The bytes of a body as they come, until they are more than there is room for. */
function within(room: UploadRoom, source: ByteSource): ByteSource {
  return { expectedBytes: source.expectedBytes, [Symbol.asyncIterator]: () => counted(room, source) };
}

async function* counted(room: UploadRoom, source: ByteSource): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const bytes of source) {
    received += bytes.length;
    if (received > room.bytes) throw refuse({ message: room.refusal });
    room.note(received);
    yield bytes;
  }
}

async function receive(
  ports: UploadPorts,
  context: ChangeContext,
  claim: UploadClaim,
  chunk: Chunk,
  algorithm: DigestAlgorithm,
): Promise<number> {
  const { session } = claim;
  let offset: number;
  try {
    const source = claim.room ? within(claim.room, chunk.source) : chunk.source;
    offset = await ports.uploads.append(session.id, session.offset, source, [algorithm]);
  } catch (error) {
    if (error instanceof LostUpload) throw await abandon(ports, context, session.id);
    await claim.release(error instanceof InterruptedAppend ? error.stored : session.offset);
    throw error;
  }
  if (chunk.length === undefined || offset - session.offset === chunk.length) return offset;
  await claim.release(session.offset);
  throw new RegistryError('SIZE_INVALID', 'the body is not as long as its Content-Range says');
}

async function seal(
  ports: UploadPorts,
  context: ChangeContext,
  id: string,
  digest: Digest,
  size: number,
): Promise<'sealed' | 'mismatch'> {
  try {
    return await ports.uploads.seal(id, digest, size);
  } catch (error) {
    // The store has dropped the bytes: the session must not promise them any longer (R4).
    const unknown = await abandon(ports, context, id);
    throw error instanceof LostUpload ? unknown : error;
  }
}

async function abandon(ports: UploadPorts, context: ChangeContext, id: string): Promise<RegistryError> {
  await ports.metadata.endUpload(context, id);
  await ports.uploads.discard(id);
  return uploadUnknown();
}
