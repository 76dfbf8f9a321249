import {
  type Answer,
  ApiError,
  type CallInput,
  createClient,
  type Endpoint,
  type ResponseOf,
} from '@moorage/contracts';
import { getCurrentUserInfo } from '@moorage/contracts';
import { sessionGate } from '../session/session-gate.ts';

const client = createClient({ baseUrl: '' });

/**
 * Calls the API. When the session has ended meanwhile, the call waits for the person to sign in again and is then sent
 * once more, so that a half-filled form loses nothing. Rejects with `ApiError`, or `TypeError` when the server cannot be
 * reached.
 */
export async function call<E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<Answer<ResponseOf<E>>> {
  try {
    return await client.call(endpoint, input);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'CSRF_TOKEN_INVALID') {
      // The token belongs to a session that was renewed; any read brings the new one.
      await client.call(getCurrentUserInfo, {});
      return client.call(endpoint, input);
    }
    if (error.status === 401 && (await sessionGate.signInAgain())) return client.call(endpoint, input);
    throw error;
  }
}

/** A call that reports a missing session instead of asking for one. */
export function callAsIs<E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<Answer<ResponseOf<E>>> {
  return client.call(endpoint, input);
}
