import type { Artifact } from '@moorage/testing';
import type { RegistryUser } from '../campaign/registry-user.ts';
import { AGED, RELEASES } from '../campaign/scene.ts';

/** Requests of the checks that run at once. */
const AT_ONCE = 8;

export interface ContentFacts {
  readonly tags: number;
  readonly artifacts: number;
  readonly blobs: number;
}

/** Who asks: over the balancer, and each core by itself. */
export interface Readers {
  readonly user: RegistryUser;
  readonly onEachCore: readonly RegistryUser[];
}

/**
 * After everything is quiet. V1: every tag shows what its history allows, and the whole artifact behind it comes back
 * with the bytes and media types that were pushed, by tag and by digest, its signatures with it. V2: what was promised
 * within the grace time is there; deleted tags and artifacts are on no core. V7: an immutable tag shows what was acknowledged first.
 */
export async function checkContent({ user, onEachCore }: Readers): Promise<ContentFacts> {
  const seen = new Map<string, { readonly repository: string; readonly digest: string }>();
  const blobs = new Set<string>();
  const keys = [...user.ledger.tags()];
  const projects = new Set(await user.projects());
  await eachOf(user, keys, async (key) => {
    const [repository, tag] = split(key);
    // A registry token says nothing of projects that are not there, nor is one given for them.
    const isThere = projects.has(repository.slice(0, repository.indexOf('/')));
    const digest = isThere ? await settled(() => user.resolve(repository, tag)) : null;
    if (!isAllowed(user, key, digest))
      user.note('V1', `${key} shows ${digest}, allowed: ${listOf(user.ledger.allowed(key))}`);
    checkRelease(user, key, digest);
    if (isThere) await checkTag({ user, onEachCore }, repository, tag, digest);
    if (digest !== null) seen.set(`${repository}@${digest}`, { repository, digest });
  });
  await eachOf(user, [...seen.values()], async ({ repository, digest }) => {
    const artifact = user.ledger.artifact(digest);
    if (!artifact) return user.note('V1', `${repository} shows ${digest}, which nobody pushed`);
    const wrong = await user.inspect(repository, artifact);
    if (wrong !== null) user.note('V1', `${repository}@${digest}: ${wrong}`);
    for (const part of artifact.blobs) blobs.add(`${repository}@${part.descriptor.digest}`);
    for (const signature of user.ledger.attached(repository, digest))
      await checkSignature(user, repository, digest, signature);
  });
  for (const [repository, promised] of user.ledger.promised())
    await eachOf(user, [...promised.values()], async ({ descriptor: { digest, size, mediaType } }) => {
      if (isManifest(mediaType) || !user.isPromised(repository, [digest])) return;
      const answer = await user.blob(repository, digest);
      if ((answer.status !== 200 || answer.size !== size) && user.isPromised(repository, [digest]))
        user.note('V2', `${repository}@${digest} of ${size} bytes answers ${answer.status} with ${answer.size}`);
    });
  await eachOf(user, user.ledger.deleted(), (gone) => checkDeleted(onEachCore, gone));
  return { tags: keys.length, artifacts: seen.size, blobs: blobs.size };
}

/** A tag that is there is pulled by its name; one that is not is on none of the cores. */
async function checkTag(
  { user, onEachCore }: Readers,
  repository: string,
  tag: string,
  digest: string | null,
): Promise<void> {
  const artifact = digest === null ? undefined : user.ledger.artifact(digest);
  const wrong = artifact ? await user.pullTag(repository, tag, artifact) : null;
  if (wrong !== null) user.note('V1', `${repository}:${tag}: ${wrong}`);
  if (digest !== null) return;
  for (const core of onEachCore) {
    const shown = await settled(() => core.resolve(repository, tag));
    if (shown !== null) user.note('V2', `${repository}:${tag} is gone, and one core shows ${shown}`);
  }
}

async function checkDeleted(onEachCore: readonly RegistryUser[], gone: string): Promise<void> {
  const [repository = '', digest = ''] = gone.split('@');
  for (const core of onEachCore) {
    const status = await core.manifestStatus(repository, digest);
    if (status !== 404) core.note('V2', `${gone} was deleted and answers ${status}`);
  }
}

/** A signature can be pulled as long as what it signs, and is found by its subject. */
async function checkSignature(
  user: RegistryUser,
  repository: string,
  subject: string,
  signature: Artifact,
): Promise<void> {
  const { digest } = signature.root.descriptor;
  const wrong = await user.inspect(repository, signature);
  if (wrong !== null) user.note('V1', `${repository}@${subject} has lost its signature ${digest}: ${wrong}`);
  else if (signature.tag === undefined && !(await user.refers(repository, subject, digest)))
    user.note('V1', `the referrers of ${repository}@${subject} do not name its signature ${digest}`);
}

function isManifest(mediaType: string): boolean {
  return /manifest|index/.test(mediaType);
}

/** Retention may have taken tags of the aged project, but never those it keeps. */
function isAllowed(user: RegistryUser, key: string, digest: string | null): boolean {
  if (digest === null && key.startsWith(`${AGED}:old-`)) return true;
  return user.ledger.allowed(key).has(digest);
}

function checkRelease(user: RegistryUser, key: string, digest: string | null): void {
  if (!key.startsWith(`${RELEASES}:`)) return;
  const promised = new Set(user.ledger.acknowledged(key).filter((value) => value !== null));
  if (promised.size > 1) user.note('V7', `${key} is immutable and was acknowledged with ${listOf(promised)}`);
  if (promised.size === 1 && (digest === null || !promised.has(digest)))
    user.note('V7', `${key} is immutable, was ${listOf(promised)} and shows ${digest}`);
}

async function settled<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error('nobody answers though everything is quiet');
}

function split(key: string): [string, string] {
  const colon = key.lastIndexOf(':');
  return [key.slice(0, colon), key.slice(colon + 1)];
}

function listOf(values: ReadonlySet<string | null>): string {
  return [...values].join(', ') || 'nothing';
}

/** An answer that breaks off while everything is quiet is a promise broken, as bytes that changed are. */
async function eachOf<T>(user: RegistryUser, values: readonly T[], act: (value: T) => Promise<void>): Promise<void> {
  const queue = [...values];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let value = queue.pop(); value !== undefined; value = queue.pop())
        await act(value).catch((error: Error) =>
          user.note('V1', `${JSON.stringify(value)} cannot be read: ${error.message}`),
        );
    }),
  );
}
