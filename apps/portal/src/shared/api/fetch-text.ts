import { ApiError } from '@moorage/contracts';

/** Reads an address of this server as text. Rejects with `ApiError` on a refusal. */
export async function fetchText(address: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(address, { credentials: 'same-origin', signal });
  const text = await response.text();
  if (response.ok) return text;
  const code = response.status === 404 ? 'NOT_FOUND' : response.status === 403 ? 'FORBIDDEN' : 'INTERNAL';
  throw new ApiError(response.status, code, text, response.headers);
}
