import { sendRequest } from './http-request.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Answers the challenges of one registry, by Basic or by a Bearer token, and keeps one answer per kind of access. */
export class Authorization {
  readonly #credentials: Credentials | undefined;
  readonly #ca: string | undefined;
  readonly #headers = new Map<string, string>();

  constructor(credentials: Credentials | undefined, ca: string | undefined) {
    this.#credentials = credentials;
    this.#ca = ca;
  }

  /** The header to send beforehand for a kind of access such as `push:library/app`, if one is known. */
  headerFor(access: string): string | undefined {
    return this.#headers.get(access);
  }

  /** Takes the `WWW-Authenticate` of a 401; false when there is nothing to answer it with. */
  async answer(access: string, header: string | undefined): Promise<boolean> {
    const challenge = header === undefined ? null : parseChallenge(header);
    if (challenge === null) return false;
    const value = challenge.scheme === 'bearer' ? await this.#token(challenge.parameters) : this.#basic();
    if (value === undefined) return false;
    this.#headers.set(access, value);
    return true;
  }

  #basic(): string | undefined {
    if (!this.#credentials) return undefined;
    const { username, password } = this.#credentials;
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }

  async #token(parameters: ReadonlyMap<string, string>): Promise<string | undefined> {
    const url = new URL(parameters.get('realm') ?? '');
    for (const name of ['service', 'scope']) {
      const value = parameters.get(name);
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const basic = this.#basic();
    const response = await sendRequest('GET', url, { headers: basic ? { authorization: basic } : {}, ca: this.#ca });
    if (response.status !== 200) return undefined;
    const answer = JSON.parse(response.body.toString()) as { token?: string; access_token?: string };
    return `Bearer ${answer.token ?? answer.access_token}`;
  }
}

function parseChallenge(header: string): Challenge | null {
  const match = /^(\w+)\s*(.*)$/s.exec(header);
  if (!match) return null;
  const parameters = new Map<string, string>();
  for (const [, name, value] of (match[2] ?? '').matchAll(/(\w+)="([^"]*)"/g)) parameters.set(name ?? '', value ?? '');
  return { scheme: (match[1] ?? '').toLowerCase(), parameters };
}
