import type { SourceCheck } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { ExternalAddress } from '../http/index.ts';
import {
  ClaimReader,
  ProviderService,
  type ProviderTerms,
  scopesOf,
  type SignInError,
  signInErrorOf,
} from '../oidc-provider/index.ts';

/** Seconds by which clocks may differ before it is worth a word, and before sign-ins fail. */
const CLOCK_WORTH_TELLING = 30;
const CLOCK_FAILS = 60;
const PROBE_TEXT_BYTES = 200_000;

/** Tries settings of a provider without a person: discovery, keys, clock, client secret, redirect address. */
@Injectable()
export class OidcSourceTests {
  readonly #providers: ProviderService;
  readonly #reader: ClaimReader;
  readonly #address: ExternalAddress;
  readonly #clock: Clock;

  constructor(providers: ProviderService, reader: ClaimReader, address: ExternalAddress, clock: Clock) {
    this.#providers = providers;
    this.#reader = reader;
    this.#address = address;
    this.#clock = clock;
  }

  /** Never throws: what fails is a check with what to do. Later checks are skipped when the provider cannot be asked. */
  async run(terms: ProviderTerms): Promise<readonly SourceCheck[]> {
    const checks = [this.#filter(terms), await this.#discovery(terms)];
    if (checks.some(({ name, result }) => name === 'discovery' && result === 'failed')) return checks;
    const rest = await Promise.all([
      this.#keysAndClock(terms),
      this.#client(terms),
      this.#redirect(terms),
      this.#capabilities(terms),
    ]);
    return [...checks, ...rest.flat()];
  }

  #filter({ settings }: ProviderTerms): SourceCheck {
    try {
      this.#reader.read(settings, { idToken: {}, userInfo: null });
      return passed('group-filter', 'The group filter can be used.');
    } catch (error) {
      return failed('group-filter', (error as Error).message);
    }
  }

  async #discovery(terms: ProviderTerms): Promise<SourceCheck> {
    return caught('discovery', async () => {
      this.#providers.forget(terms);
      await this.#providers.metadata(terms);
      return passed('discovery', `${terms.settings.endpoint} describes itself and is the issuer it says.`);
    });
  }

  async #keysAndClock(terms: ProviderTerms): Promise<SourceCheck[]> {
    const { jwks_uri: address } = await this.#providers.metadata(terms);
    if (address === undefined)
      return [failed('keys', 'The provider names no keys (jwks_uri): tokens cannot be checked.')];
    try {
      const answer = await this.#providers.fetchFor(terms)(address, {});
      const { keys } = (await answer.json()) as { keys?: unknown };
      if (!Array.isArray(keys) || keys.length === 0) return [failed('keys', 'The provider publishes no keys.')];
      return [passed('keys', 'The keys of the provider can be fetched.'), this.#clockCheck(answer.headers.get('date'))];
    } catch (error) {
      return [failed('keys', `The keys of the provider cannot be read: ${signInErrorOf(error).reason}`)];
    }
  }

  #clockCheck(date: string | null): SourceCheck {
    const at = date === null ? Number.NaN : Date.parse(date);
    if (Number.isNaN(at)) return { name: 'clock', result: 'skipped', message: 'The provider does not tell its time.' };
    const seconds = Math.round(Math.abs(this.#clock.now().getTime() - at) / 1000);
    const message = `The clocks of this server and the provider differ by ${seconds} seconds: set both by NTP.`;
    if (seconds > CLOCK_FAILS) return failed('clock', message);
    return seconds > CLOCK_WORTH_TELLING
      ? { name: 'clock', result: 'warning', message }
      : passed('clock', 'The clocks agree.');
  }

  async #client(terms: ProviderTerms): Promise<SourceCheck> {
    return caught('client', async () => {
      const word = await this.#providers.probeClient(terms, this.#redirectUri());
      if (word === 'invalid_grant' || word === 'invalid_request')
        return passed('client', 'The provider accepts the client id and secret.');
      if (word === 'unauthorized_client')
        return failed(
          'client',
          'The provider does not let this client use the authorization code flow: allow it there.',
        );
      return word === 'invalid_client'
        ? failed('client', 'The provider does not accept the client id or secret: enter the secret anew.')
        : {
            name: 'client',
            result: 'warning',
            message: `The provider answers ${JSON.stringify(word)}; try a sign-in.`,
          };
    });
  }

  /** A request that may show nothing (`prompt=none`) comes back with an error when the provider knows the address. */
  async #redirect(terms: ProviderTerms): Promise<SourceCheck> {
    const redirectUri = this.#redirectUri();
    return caught('redirect', async () => {
      const checks = { state: 'connection-test', nonce: 'connection-test', verifier: 'x'.repeat(43), redirectUri };
      const url = await this.#providers.authorizationUrl(terms, checks);
      url.searchParams.set('prompt', 'none');
      const answer = await this.#providers.fetchFor(terms)(url.href, {});
      const location = answer.headers.get('location');
      if (location?.startsWith(redirectUri))
        return passed('redirect', `The provider sends people back to ${redirectUri}.`);
      const text = (await answer.text()).slice(0, PROBE_TEXT_BYTES);
      if (answer.status >= 400 && /redirect/i.test(text))
        return failed('redirect', `Register ${redirectUri} as a redirect address at the provider.`);
      if (answer.status >= 400)
        return failed('redirect', `The provider refuses the request (${answer.status}): check the client id there.`);
      const message = `The provider shows a page of its own; make sure that ${redirectUri} is registered there.`;
      return { name: 'redirect', result: 'warning', message };
    });
  }

  async #capabilities(terms: ProviderTerms): Promise<SourceCheck> {
    const { scopes_supported: supported } = await this.#providers.metadata(terms);
    const scopes = scopesOf(terms.settings.scope);
    const unknown = supported ? scopes.filter((scope) => !supported.includes(scope)) : [];
    if (unknown.length > 0) {
      const message = `The provider does not list the scope ${unknown.join(', ')}.`;
      return { name: 'scope', result: 'warning', message };
    }
    return scopes.includes('offline_access')
      ? passed('scope', 'The provider knows the scopes.')
      : {
          name: 'scope',
          result: 'warning',
          message:
            'Without offline_access most providers give no refresh token: groups are then only as fresh as the last sign-in, and an hour after it CLI secrets and personal tokens are refused until the next one.',
        };
  }

  #redirectUri(): string {
    return `${this.#address.url}/c/oidc/callback`;
  }
}

function passed(name: string, message: string): SourceCheck {
  return { name, result: 'passed', message };
}

function failed(name: string, message: string): SourceCheck {
  return { name, result: 'failed', message };
}

async function caught(name: string, check: () => Promise<SourceCheck>): Promise<SourceCheck> {
  try {
    return await check();
  } catch (error) {
    const failure: SignInError = signInErrorOf(error);
    return failed(name, failure.reason);
  }
}
