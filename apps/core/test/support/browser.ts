import { ADMIN_PASSWORD, type TestCore } from './test-core.ts';

/** A signed-in browser: keeps the cookie and the CSRF token as the portal does. */
export class Browser {
  readonly #core: TestCore;
  cookie = '';
  csrf = '';

  constructor(core: TestCore) {
    this.#core = core;
  }

  /** Signs in; returns the answer to look at. */
  async signIn(name = 'admin', password = ADMIN_PASSWORD): Promise<Response> {
    const response = await this.send('POST', '/c/login', { form: { principal: name, password } });
    return response;
  }

  /** Sends with the cookie; unsafe calls carry the CSRF token unless `headers` says otherwise. */
  async send(
    method: string,
    path: string,
    options: { form?: Record<string, string>; json?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const body = options.form
      ? new URLSearchParams(options.form)
      : options.json === undefined
        ? undefined
        : JSON.stringify(options.json);
    const response = await fetch(this.#core.url + path, {
      method,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
      headers: {
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...(method === 'GET' || this.csrf === '' ? {} : { 'x-harbor-csrf-token': this.csrf }),
        ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      this.cookie = pair.endsWith('=') ? '' : pair;
    }
    this.csrf = response.headers.get('x-harbor-csrf-token') ?? this.csrf;
    return response;
  }

  async isSignedIn(): Promise<boolean> {
    return (await this.send('GET', '/api/v2.0/users/current')).status === 200;
  }
}
