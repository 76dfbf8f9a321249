import { AppError } from '@moorage/contracts';
import type { IncomingMessage } from 'node:http';

/** Largest API body. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** API bodies are small: who needs longer for one only holds the connection (S111). */
const PATIENCE_MS = 30_000;

/**
 * Reads a request body of at most `limit` bytes; throws REQUEST_ENTITY_TOO_LARGE before buffering more, and
 * REQUEST_TIMEOUT when it takes longer than `patienceMs`.
 */
export async function readLimitedBody(
  request: IncomingMessage,
  limit: number,
  patienceMs = PATIENCE_MS,
): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit) throw tooLarge(limit);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const refusal = new AppError('REQUEST_TIMEOUT', 'The body did not arrive in time; send it again.');
    timer = setTimeout(() => reject(refusal), patienceMs);
  });
  try {
    return await Promise.race([readAll(request, limit), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(limit: number): AppError {
  return new AppError('REQUEST_ENTITY_TOO_LARGE', `The body is larger than ${limit} bytes, the limit here.`);
}

/** What Go programs send for nothing: Terraform's provider for Harbor puts it into every call without a body. */
const NOTHING = /^[ \t\r\n]*null[ \t\r\n]*$/;

/** Parses a body by its Content-Type: JSON, or an HTML form as flat text fields. Undefined when there is none, or null. */
export function parseBody(
  contentType: string | undefined,
  bytes: Buffer,
  parseJson: (bytes: Buffer) => unknown,
): unknown {
  if (bytes.length === 0) return undefined;
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') {
    return bytes.length < 64 && NOTHING.test(bytes.toString('latin1')) ? undefined : parseJson(bytes);
  }
  if (type === 'application/x-www-form-urlencoded') return formFields(bytes);
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON; send Content-Type: application/json.');
}

function formFields(bytes: Buffer): Record<string, string | string[]> {
  const search = new URLSearchParams(bytes.toString('utf8'));
  const fields: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const key of new Set(search.keys())) {
    const values = search.getAll(key);
    if (values.some((value) => value.includes('\0'))) {
      throw new AppError('BAD_REQUEST', 'The form has a NUL character; remove it.');
    }
    fields[key] = values.length === 1 ? (values[0] as string) : values;
  }
  return { ...fields };
}
