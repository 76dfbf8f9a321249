import type { Socket } from 'node:net';
import { AppError, SOURCE_CHECK_TEXTS, tell } from '@moorage/contracts';
import { Client, type Entry, type Filter, InvalidCredentialsError, NoSuchObjectError, ResultCodeError } from 'ldapts';
import { type EgressService, tlsOptions, type TlsPolicy } from '../egress/index.ts';
import { type LdapAddress, type LdapEntry } from './ldap.rules.ts';

/** How to reach a directory. */
export interface LdapEndpoint {
  readonly address: LdapAddress;
  /** Encrypt a plain connection before anything else is sent. */
  readonly startsTls: boolean;
  readonly tls: TlsPolicy;
  /** For connecting, and again for each operation. */
  readonly timeoutMs: number;
}

/** One search. Referrals and aliases are never followed (S36). */
export interface LdapSearch {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly filter: Filter;
  readonly attributes: readonly string[];
  /** The server is asked for no more entries; what it sends beyond is left out. */
  readonly limit: number;
}

/** What a directory says of a name and a password. The diagnostic is the server's own text. */
export type BindOutcome = { readonly kind: 'bound' } | { readonly kind: 'refused'; readonly diagnostic: string };

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const WATCH_MS = 50;
const PAGE_SIZE = 500;

/**
 * One connection to a directory. ldapts speaks the protocol; the socket comes through egress and is never opened anew
 * behind our back. A connection that fails is closed and says so by `isClosed`.
 */
export class LdapConnection {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #address: LdapAddress;
  readonly #timeLimitSeconds: number;
  #isClosed = false;

  private constructor(client: Client, socket: Socket, { address, timeoutMs }: LdapEndpoint) {
    this.#client = client;
    this.#socket = socket;
    this.#address = address;
    this.#timeLimitSeconds = Math.ceil(timeoutMs / 1000);
    socket.once('close', () => {
      this.#isClosed = true;
    });
  }

  /** Connects, with TLS as configured. Throws an `EgressError`, or UNAVAILABLE saying what failed. */
  static async open(egress: EgressService, endpoint: LdapEndpoint): Promise<LdapConnection> {
    const { address, startsTls, tls, timeoutMs } = endpoint;
    const { host, port, isTls } = address;
    const socket = await egress.connect({ purpose: 'ldap', host, port, tls: isTls ? tls : null, timeoutMs });
    let isFirst = true;
    const client = new Client({
      url: 'ldap://directory',
      timeout: timeoutMs,
      connectTimeout: timeoutMs,
      createConnection: () => {
        if (!isFirst) throw new Error('the connection is closed');
        isFirst = false;
        return socket;
      },
    });
    const connection = new LdapConnection(client, socket, endpoint);
    if (startsTls && !isTls) await connection.#startTls(tls, timeoutMs);
    return connection;
  }

  get isClosed(): boolean {
    return this.#isClosed || this.#socket.destroyed;
  }

  /** Binds. Throws UNAVAILABLE when the server does not say yes or no. */
  async bind(dn: string, password: string): Promise<BindOutcome> {
    try {
      await this.#run(() => this.#client.bind(dn, password));
      return { kind: 'bound' };
    } catch (error) {
      const refusal = error instanceof AppError ? error.cause : error;
      if (refusal instanceof InvalidCredentialsError) return { kind: 'refused', diagnostic: refusal.message };
      throw error;
    }
  }

  /** Entries a search finds, none below a base that is not there. Throws UNAVAILABLE. */
  async search({ base, scope, filter, attributes, limit }: LdapSearch): Promise<LdapEntry[]> {
    try {
      const { searchEntries } = await this.#run(() =>
        this.#client.search(base, {
          scope,
          filter,
          attributes: [...attributes],
          sizeLimit: limit,
          timeLimit: this.#timeLimitSeconds,
          derefAliases: 'never',
          explicitBufferAttributes: ['objectGUID'],
          ...(limit > PAGE_SIZE ? { paged: { pageSize: PAGE_SIZE } } : {}),
        }),
      );
      return searchEntries.slice(0, limit).map(entryOf);
    } catch (error) {
      if (error instanceof AppError && error.cause instanceof NoSuchObjectError) return [];
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  async #startTls(tls: TlsPolicy, timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => this.close(), timeoutMs);
    try {
      await this.#client.startTLS(tlsOptions(this.#address.host, tls));
    } catch (error) {
      this.close();
      throw this.#unavailable('directory-not-encrypting', error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Runs one operation; a failure that is not the server's answer, and an answer that never ends, close the connection. */
  async #run<T>(operation: () => Promise<T>): Promise<T> {
    const readBefore = this.#socket.bytesRead;
    const watch = setInterval(() => {
      if (this.#socket.bytesRead - readBefore > MAX_ANSWER_BYTES) this.close();
    }, WATCH_MS);
    try {
      if (this.isClosed) throw new Error('the connection is closed');
      return await operation();
    } catch (error) {
      if (!(error instanceof ResultCodeError)) this.close();
      throw this.#unavailable('directory-answers', error);
    } finally {
      clearInterval(watch);
    }
  }

  #unavailable(code: 'directory-not-encrypting' | 'directory-answers', cause: unknown): AppError {
    const { host, port } = this.#address;
    const told = tell(SOURCE_CHECK_TEXTS, code, { where: `${host}:${port}`, answer: textOf(cause) });
    return new AppError('UNAVAILABLE', told.text, { cause, told });
  }
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300);
}

function entryOf({ dn, ...values }: Entry): LdapEntry {
  const attributes = Object.entries(values).map(([type, value]): [string, string[]] => {
    const list: readonly (string | Buffer)[] = Array.isArray(value) ? value : [value];
    return [type.toLowerCase(), list.map((one) => (typeof one === 'string' ? one : one.toString('hex')))];
  });
  return { dn, attributes: new Map(attributes.filter(([type]) => type !== '')) };
}
