import type { SourceCheck } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { ExternalAddress } from '../http/index.ts';
import { failedCheck, sourceCheck } from '../identity-source/index.ts';
import { ClaimReader, ProviderService, type ProviderTerms, scopesOf, signInErrorOf } from '../oidc-provider/index.ts';

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
      return sourceCheck('group-filter', 'passed', 'group-filter-usable');
    } catch (error) {
      return failedCheck('group-filter', (error as Error).message, undefined);
    }
  }

  async #discovery(terms: ProviderTerms): Promise<SourceCheck> {
    return caught('discovery', async () => {
      this.#providers.forget(terms);
      await this.#providers.metadata(terms);
      return sourceCheck('discovery', 'passed', 'discovery-sound', { endpoint: terms.settings.endpoint });
    });
  }

  async #keysAndClock(terms: ProviderTerms): Promise<SourceCheck[]> {
    const { jwks_uri: address } = await this.#providers.metadata(terms);
    if (address === undefined) return [sourceCheck('keys', 'failed', 'keys-unnamed')];
    try {
      const answer = await this.#providers.fetchFor(terms)(address, {});
      const { keys } = (await answer.json()) as { keys?: unknown };
      if (!Array.isArray(keys) || keys.length === 0) return [sourceCheck('keys', 'failed', 'keys-none')];
      return [sourceCheck('keys', 'passed', 'keys-found'), this.#clockCheck(answer.headers.get('date'))];
    } catch (error) {
      const { reason, told } = signInErrorOf(error);
      return [failedCheck('keys', reason, told)];
    }
  }

  #clockCheck(date: string | null): SourceCheck {
    const at = date === null ? Number.NaN : Date.parse(date);
    if (Number.isNaN(at)) return sourceCheck('clock', 'skipped', 'clock-unknown');
    const seconds = Math.round(Math.abs(this.#clock.now().getTime() - at) / 1000);
    if (seconds <= CLOCK_WORTH_TELLING) return sourceCheck('clock', 'passed', 'clock-agrees');
    const result = seconds > CLOCK_FAILS ? 'failed' : 'warning';
    return sourceCheck('clock', result, 'clock-differs', { seconds: String(seconds) });
  }

  async #client(terms: ProviderTerms): Promise<SourceCheck> {
    return caught('client', async () => {
      const word = await this.#providers.probeClient(terms, this.#redirectUri());
      if (word === 'invalid_grant' || word === 'invalid_request')
        return sourceCheck('client', 'passed', 'client-accepted');
      if (word === 'unauthorized_client') return sourceCheck('client', 'failed', 'client-flow-refused');
      return word === 'invalid_client'
        ? sourceCheck('client', 'failed', 'client-refused')
        : sourceCheck('client', 'warning', 'client-unclear', { answer: JSON.stringify(word) });
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
        return sourceCheck('redirect', 'passed', 'redirect-known', { address: redirectUri });
      const text = (await answer.text()).slice(0, PROBE_TEXT_BYTES);
      if (answer.status >= 400 && /redirect/i.test(text))
        return sourceCheck('redirect', 'failed', 'redirect-unregistered', { address: redirectUri });
      if (answer.status >= 400)
        return sourceCheck('redirect', 'failed', 'redirect-refused', { status: String(answer.status) });
      return sourceCheck('redirect', 'warning', 'redirect-own-page', { address: redirectUri });
    });
  }

  async #capabilities(terms: ProviderTerms): Promise<SourceCheck> {
    const { scopes_supported: supported } = await this.#providers.metadata(terms);
    const scopes = scopesOf(terms.settings.scope);
    const unknown = supported ? scopes.filter((scope) => !supported.includes(scope)) : [];
    if (unknown.length > 0) {
      return sourceCheck('scope', 'warning', 'scope-unknown', { scopes: unknown.join(', ') });
    }
    return scopes.includes('offline_access')
      ? sourceCheck('scope', 'passed', 'scope-known')
      : sourceCheck('scope', 'warning', 'scope-without-refresh');
  }

  #redirectUri(): string {
    return `${this.#address.url}/c/oidc/callback`;
  }
}

async function caught(name: string, check: () => Promise<SourceCheck>): Promise<SourceCheck> {
  try {
    return await check();
  } catch (error) {
    const { reason, told } = signInErrorOf(error);
    return failedCheck(name, reason, told);
  }
}
