import { AppError } from '@moorage/contracts';
import { inspectJson, MANIFEST_JSON_LIMITS } from '@moorage/distribution';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses an API body: one JSON object in UTF-8, of bounded depth and size, without a key twice, so that no two readers
 * can understand it differently (S101, S103). Throws BAD_REQUEST with the reason.
 */
export function parseStrictJson(bytes: Buffer): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new AppError('BAD_REQUEST', 'The body is not valid UTF-8.');
  }
  const verdict = inspectJson(bytes, MANIFEST_JSON_LIMITS);
  if (!verdict.ok) throw new AppError('BAD_REQUEST', `The body cannot be read: ${verdict.reason}.`);
  const value: unknown = JSON.parse(text);
  refuseTraps(value);
  return value;
}

/**
 * A key named `__proto__` is an ordinary unknown key for the schemas, but a trap for code that copies objects; a NUL in a
 * text, or half of a surrogate pair, is one for the database, which cannot hold it.
 */
function refuseTraps(value: unknown): void {
  if (typeof value === 'string') refuseUnstorable(value);
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__')) {
    throw new AppError('BAD_REQUEST', 'The body has a key "__proto__", which no object here has.');
  }
  for (const [key, item] of Object.entries(value)) {
    refuseUnstorable(key);
    refuseTraps(item);
  }
}

function refuseUnstorable(text: string): void {
  if (text.includes('\0')) throw new AppError('BAD_REQUEST', 'The body has a NUL character in a text; remove it.');
  if (!text.isWellFormed()) {
    throw new AppError('BAD_REQUEST', 'The body has half of a character in a text (a lone surrogate); remove it.');
  }
}
