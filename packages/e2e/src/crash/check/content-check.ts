import type { RegistryUser } from '../campaign/registry-user.ts';
import { AGED, RELEASES } from '../campaign/scene.ts';

/** Requests of the checks that run at once. */
const AT_ONCE = 8;

export interface ContentFacts {
  readonly tags: number;
  readonly artifacts: number;
  readonly blobs: number;
}

/**
 * After everything is quiet. V1: every tag shows what its history allows, and the whole artifact behind it comes back
 * with the bytes that were pushed. V2: every blob that was acknowledged within the grace time is there, every deleted
 * tag is not. V7: an immutable tag shows what was acknowledged first.
 */
export async function checkContent(user: RegistryUser): Promise<ContentFacts> {
  const seen = new Map<string, { readonly repository: string; readonly digest: string }>();
  const keys = [...user.ledger.tags()];
  await eachOf(keys, async (key) => {
    const [repository, tag] = split(key);
    const digest = await settled(() => user.resolve(repository, tag));
    if (!isAllowed(user, key, digest))
      user.note('V1', `${key} shows ${digest}, allowed: ${listOf(user.ledger.allowed(key))}`);
    checkRelease(user, key, digest);
    if (digest !== null) seen.set(`${repository}@${digest}`, { repository, digest });
  });
  await eachOf([...seen.values()], async ({ repository, digest }) => {
    const artifact = user.ledger.artifact(digest);
    if (!artifact) return user.note('V1', `${repository} shows ${digest}, which nobody pushed`);
    const wrong = await user.inspect(repository, artifact);
    if (wrong !== null) user.note('V1', `${repository}@${digest}: ${wrong}`);
  });
  const blobs = [...user.ledger.blobs()].flatMap(([repository, kept]) =>
    [...kept.values()].map((descriptor) => ({ repository, descriptor })),
  );
  await eachOf(blobs, async ({ repository, descriptor }) => {
    const { status, size } = await user.blob(repository, descriptor.digest);
    if (status !== 200 || size !== descriptor.size)
      user.note('V2', `${repository}@${descriptor.digest} of ${descriptor.size} bytes answers ${status} with ${size}`);
  });
  return { tags: keys.length, artifacts: seen.size, blobs: blobs.length };
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

async function eachOf<T>(values: readonly T[], act: (value: T) => Promise<void>): Promise<void> {
  const queue = [...values];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let value = queue.pop(); value !== undefined; value = queue.pop()) await act(value);
    }),
  );
}
