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
  return withoutPrototypeKeys(JSON.parse(text));
}

/** A key named `__proto__` is an ordinary unknown key for the schemas, but a trap for code that copies objects. */
function withoutPrototypeKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    for (const item of value) withoutPrototypeKeys(item);
  } else if (typeof value === 'object' && value !== null) {
    if (Object.hasOwn(value, '__proto__'))
      throw new AppError('BAD_REQUEST', 'The body has a key "__proto__", which no object here has.');
    for (const item of Object.values(value)) withoutPrototypeKeys(item);
  }
  return value;
}
