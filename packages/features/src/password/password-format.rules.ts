/** Cost of argon2id: memory in KiB, passes, lanes. */
export interface Argon2Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

export interface StoredPassword {
  readonly cost: Argon2Cost;
  /** Instance key whose pepper went in. */
  readonly keyId: string;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const PATTERN =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2}),keyid=([0-9a-f]{16})\$([A-Za-z0-9+/]{16,88})\$([A-Za-z0-9+/]{22,88})$/;

/** Writes a hash in the PHC string form, so that cost and pepper can change later. */
export function formatPassword(stored: StoredPassword): string {
  const { memory, passes, parallelism } = stored.cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism},keyid=${stored.keyId}$${base64(stored.salt)}$${base64(stored.hash)}`;
}

/** Reads {@link formatPassword}; null for anything else. */
export function parsePassword(text: string): StoredPassword | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  const [, memory, passes, parallelism, keyId = '', salt = '', hash = ''] = match;
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    keyId,
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

/** Whether a stored hash should be made anew at the next login. */
export function isOutdated(stored: StoredPassword, cost: Argon2Cost): boolean {
  return (
    stored.cost.memory !== cost.memory ||
    stored.cost.passes !== cost.passes ||
    stored.cost.parallelism !== cost.parallelism
  );
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
