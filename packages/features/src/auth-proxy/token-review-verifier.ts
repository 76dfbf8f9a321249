import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../http/index.ts';
import { IdentitySourceService } from '../identity-source/index.ts';
import type { BasicCredentials, CredentialVerifier, Precedence, Proof, Recognition } from '../login/index.ts';
import { ProvenPersonService } from '../source-login/index.ts';
import { TOKEN_REVIEW_PREFIX } from './auth-proxy.rules.ts';
import { AuthProxyService } from './auth-proxy.service.ts';

/** Tokens of a proxy as the password of `tokenreview$<name>`, for command lines (PROXY-2). */
@Injectable()
export class TokenReviewVerifier implements CredentialVerifier {
  readonly credential = 'source-token';
  readonly precedence: Precedence = 'shape';
  readonly noPortal = 'A token of the authentication proxy is for command lines; sign in with your password.';
  readonly #sources: IdentitySourceService;
  readonly #proxies: AuthProxyService;
  readonly #people: ProvenPersonService;

  constructor(sources: IdentitySourceService, proxies: AuthProxyService, people: ProvenPersonService) {
    this.#sources = sources;
    this.#proxies = proxies;
    this.#people = people;
  }

  async recognises({ name, secret }: BasicCredentials): Promise<Recognition> {
    if (!name.startsWith(TOKEN_REVIEW_PREFIX)) return 'other';
    const isUsable = name.length > TOKEN_REVIEW_PREFIX.length && /^[\x21-\x7e]+$/.test(secret);
    return isUsable && (await this.#sources.enabledOf('auth_proxy')).length > 0 ? 'mine' : 'malformed';
  }

  async verify({ name, secret }: BasicCredentials, origin: RequestOrigin): Promise<Proof | null> {
    const username = name.slice(TOKEN_REVIEW_PREFIX.length);
    for (const source of await this.#sources.enabledOf('auth_proxy')) {
      const outcome = await this.#proxies.proveToken(source, secret);
      if (outcome === null) continue;
      // The token decides who it is; a name beside it that says otherwise is a mistake or worse.
      if (outcome.proof.username !== username) return null;
      const identity = await this.#people.identityOf(source, outcome.proof, origin);
      return identity && { identity, until: null };
    }
    return null;
  }
}
