import type { TestCore } from './test-core.ts';

const MAX_REDIRECTS = 20;

/** Where a walk through redirects ended. */
export interface Arrival {
  readonly url: URL;
  readonly status: number;
  readonly text: string;
}

/** A browser that keeps cookies by origin and follows redirects between this server and providers. */
export class SsoBrowser {
  readonly core: TestCore;
  readonly cookies = new Map<string, Map<string, string>>();
  csrf = '';

  constructor(core: TestCore) {
    this.core = core;
  }

  /** One request without following redirects. */
  async send(
    method: string,
    address: string,
    init: { json?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const url = new URL(address, this.core.url);
    const cookie = [...(this.cookies.get(url.origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
    const isOurs = url.origin === this.core.url;
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        ...(isOurs && this.csrf !== '' ? { 'x-harbor-csrf-token': this.csrf } : {}),
        ...(init.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...init.headers,
      },
      ...(init.json === undefined ? {} : { body: JSON.stringify(init.json) }),
    });
    this.#keep(url.origin, response.headers.getSetCookie());
    if (isOurs) this.csrf = response.headers.get('x-harbor-csrf-token') ?? this.csrf;
    return response;
  }

  /** Goes to an address and follows redirects; stops before `until` sends its request. */
  async go(address: string, until: (url: URL) => boolean = () => false): Promise<Arrival> {
    let url = new URL(address, this.core.url);
    for (let hop = 0; hop < MAX_REDIRECTS; hop++) {
      if (until(url)) return { url, status: 0, text: '' };
      const response = await this.send('GET', url.href);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) {
        return { url, status: response.status, text: await response.text() };
      }
      await response.body?.cancel();
      url = new URL(location, url);
    }
    throw new Error('too many redirects');
  }

  /** Signs in through the first provider, or the one of that id. */
  signIn(source?: number, returnTo = '/projects'): Promise<Arrival> {
    const query = new URLSearchParams({
      redirect_url: returnTo,
      ...(source === undefined ? {} : { source: String(source) }),
    });
    return this.go(`/c/oidc/login?${query.toString()}`);
  }

  /** Goes to the provider and stops with its answer in hand. */
  async callback(source?: number): Promise<URL> {
    const query = source === undefined ? '' : `?source=${source}`;
    const { url } = await this.go(`/c/oidc/login${query}`, (next) => next.pathname === '/c/oidc/callback');
    return url;
  }

  /** The signed-in user; null when nobody is. */
  async currentUser(): Promise<Record<string, unknown> | null> {
    const response = await this.send('GET', '/api/v2.0/users/current');
    return response.status === 200 ? ((await response.json()) as Record<string, unknown>) : null;
  }

  #keep(origin: string, lines: readonly string[]): void {
    const jar = this.cookies.get(origin) ?? new Map<string, string>();
    this.cookies.set(origin, jar);
    for (const line of lines) {
      const [pair = ''] = line.split(';', 1);
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      if (value === '' || /max-age=0\b|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
  }
}
