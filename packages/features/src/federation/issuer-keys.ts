import { FEDERATION_CHECK_TEXTS, tell, type Told } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { EgressError, EgressService } from '../egress/index.ts';
import { sha256 } from '../secret/index.ts';
import { type IssuerKey, type JobToken, keyFor, readKeySet } from './job-token.rules.ts';

/** Where the keys of an issuer come from. Rules with the same source share them; nobody's keys verify for others. */
export interface KeySource {
  readonly issuer: string;
  /** A key set entered by hand; empty to ask the issuer. */
  readonly keys: string;
  readonly caCertificate: string;
}

/** The key of a token, or a sentence that says why there is none. `isTemporary`: asking again later may help. */
export type KeyAnswer = { readonly key: IssuerKey } | { readonly problem: Told; readonly isTemporary: boolean };

interface Entry {
  readonly fetchedAt: number;
  readonly keys: readonly IssuerKey[];
}

/** So long keys are used without asking the issuer again. */
const FRESH_MS = 10 * 60_000;
/** So long they are used when the issuer cannot be asked. */
const STALE_MS = 24 * 3600_000;
/** For an unknown key the issuer is asked anew, but not more often than this: tokens can name any key. */
const REFETCH_MS = 30_000;
const TIMEOUT_MS = 5_000;
const MAX_DOCUMENT_BYTES = 256 * 1024;
const MAX_SOURCES = 500;

/** Keys of issuers: found by discovery, remembered, and fetched anew when the issuer changes them. */
@Injectable()
export class IssuerKeys {
  readonly #egress: EgressService;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #askedAt = new Map<string, { readonly at: number; readonly problem: Told | null }>();
  readonly #pending = new Map<string, Promise<Told | null>>();

  constructor(egress: EgressService, clock: Clock) {
    this.#egress = egress;
    this.#clock = clock;
  }

  /** The key a token is signed with. Never throws. */
  async find(token: JobToken, source: KeySource): Promise<KeyAnswer> {
    if (source.keys !== '') return answer(token, readKeySet(source.keys) ?? [], 'the keys entered in the rule');
    const id = sha256(JSON.stringify([source.issuer, source.caCertificate])).toString('base64');
    const now = this.#clock.now().getTime();
    const known = this.#entries.get(id);
    const age = known ? Math.abs(now - known.fetchedAt) : Number.POSITIVE_INFINITY;
    const problem = known && age < FRESH_MS && keyFor(token, known.keys) ? null : await this.#ask(id, source, now);
    const keys = this.#entries.get(id);
    if (!keys || Math.abs(now - keys.fetchedAt) > STALE_MS) {
      return { problem: problem ?? unreadable(source.issuer, 'unknown problem.'), isTemporary: true };
    }
    const found = answer(token, keys.keys, source.issuer);
    return 'problem' in found && problem !== null ? { problem, isTemporary: true } : found;
  }

  /** Fetches the keys unless that was just done; a problem is a sentence. */
  async #ask(id: string, source: KeySource, now: number): Promise<Told | null> {
    const running = this.#pending.get(id);
    if (running) return running;
    const last = this.#askedAt.get(id);
    if (last && Math.abs(now - last.at) < REFETCH_MS) return last.problem;
    const asking = this.#fetch(source)
      .then((keys) => {
        bounded(this.#entries).set(id, { fetchedAt: now, keys });
        return null;
      })
      .catch((error: unknown) => problemOf(source.issuer, error))
      .then((problem) => {
        bounded(this.#askedAt).set(id, { at: now, problem });
        return problem;
      })
      .finally(() => this.#pending.delete(id));
    this.#pending.set(id, asking);
    return asking;
  }

  /** Discovery (OpenID Connect Discovery 4), then the key set it names. */
  async #fetch(source: KeySource): Promise<readonly IssuerKey[]> {
    const where = `${source.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const discovery = JSON.parse(await this.#get(where, source)) as { issuer?: unknown; jwks_uri?: unknown };
    if (discovery.issuer !== source.issuer) {
      throw new Error(
        `it calls itself ${JSON.stringify(discovery.issuer ?? null).slice(0, 200)}; enter the issuer exactly so`,
      );
    }
    const { jwks_uri: address } = discovery;
    if (typeof address !== 'string' || !URL.canParse(address))
      throw new Error('its discovery document names no jwks_uri');
    if (source.issuer.startsWith('https:') && !address.startsWith('https:')) {
      throw new Error('its jwks_uri does not begin with https://');
    }
    const keys = readKeySet(await this.#get(address, source));
    if (!keys) throw new Error('its jwks_uri does not answer a key set');
    return keys;
  }

  async #get(url: string, { caCertificate }: KeySource): Promise<string> {
    const answer = await this.#egress.fetch({
      purpose: 'federation',
      url,
      headers: { accept: 'application/json' },
      caPem: caCertificate || undefined,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_DOCUMENT_BYTES,
    });
    if (answer.status !== 200) throw new Error(`${new URL(url).pathname} answers with status ${answer.status}`);
    return answer.body.toString('utf8');
  }
}

function answer(token: JobToken, keys: readonly IssuerKey[], where: string): KeyAnswer {
  const key = keyFor(token, keys);
  if (key) return { key };
  const wanted = token.keyId === '' ? 'without a key id' : `with the id ${JSON.stringify(token.keyId.slice(0, 100))}`;
  const values = { algorithm: token.algorithm.slice(0, 20), key: wanted, where };
  return { problem: tell(FEDERATION_CHECK_TEXTS, 'key-missing', values), isTemporary: false };
}

function problemOf(issuer: string, error: unknown): Told {
  if (error instanceof EgressError) return unreadable(issuer, error.message);
  if (error instanceof SyntaxError) return unreadable(issuer, 'it does not answer JSON.');
  return unreadable(issuer, `${error instanceof Error ? error.message : 'unknown problem'}.`);
}

function unreadable(issuer: string, problem: string): Told {
  return tell(FEDERATION_CHECK_TEXTS, 'keys-unreadable', { issuer, problem });
}

/** Makes room by dropping the oldest entry. */
function bounded<T>(map: Map<string, T>): Map<string, T> {
  const oldest = map.size >= MAX_SOURCES ? map.keys().next() : null;
  if (oldest && !oldest.done) map.delete(oldest.value);
  return map;
}
