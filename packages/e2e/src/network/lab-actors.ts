import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import {
  type FakeDirectory,
  type FakeSearch,
  type HostileProvider,
  startFakeDirectory,
  startHostileProvider,
} from '@moorage/testing';

/** Certificates the lab has: a right one for the actors, and wrong ones. Each is its own authority. */
export const CERTIFICATES = ['good', 'expired', 'other-host', 'other-authority'] as const;
export type CertificateName = (typeof CERTIFICATES)[number];

/** An answer that takes the place of an actor's own at a path. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the actors are to do from now on; what is absent is done as the protocol says. */
export interface Script {
  /** Changes the provider's description of itself. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly answers?: Readonly<Record<string, ScriptedAnswer>>;
  readonly directory?: { readonly search: FakeSearch; readonly referral?: string };
  /** Which certificate the server that only speaks TLS shows. */
  readonly certificate?: CertificateName;
}

/** Where the actors are. */
export interface Stage {
  readonly provider: string;
  readonly otherProvider: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly directoryPort: number;
  readonly otherDirectoryPort: number;
  readonly tlsPort: number;
}

/** What reached the actors since the last time. */
export interface Seen {
  /** Requests at the provider, and at the one of another host, with their Authorization headers. */
  readonly provider: readonly string[];
  readonly otherProvider: readonly string[];
  readonly otherPasswords: readonly string[];
  readonly passwords: readonly string[];
  /** Clients that went on after they had seen the certificate. */
  readonly trusting: number;
}

export interface Actors {
  readonly stage: Stage;
  play(script: Script): void;
  takeSeen(): Seen;
  /** Goes where a browser would be sent; resolves with where it is sent next. */
  visit(url: string): Promise<string>;
}

/** Starts honest servers, which can be told otherwise, at two public addresses. Certificates lie in the directory. */
export async function startActors(directory: string, host: string, otherHost: string): Promise<Actors> {
  const pair = (name: CertificateName) => ({
    cert: readFileSync(join(directory, `${name}.pem`), 'utf8'),
    key: readFileSync(join(directory, `${name}.key`), 'utf8'),
  });
  const good = pair('good');
  const [provider, otherProvider] = [
    await startHostileProvider({ host, tls: good }),
    await startHostileProvider({ host: otherHost, tls: good }),
  ];
  const [folder, otherFolder] = [
    await startFakeDirectory(undefined, host),
    await startFakeDirectory(undefined, otherHost),
  ];
  let trusting = 0;
  const tlsServer = createServer(good, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      trusting++;
      socket.destroy();
    });
  });
  tlsServer.listen(0, host);
  await once(tlsServer, 'listening');
  const { port: tlsPort } = tlsServer.address() as { port: number };
  return {
    stage: {
      provider: provider.issuer,
      otherProvider: otherProvider.issuer,
      clientId: provider.clientId,
      clientSecret: provider.clientSecret,
      directoryPort: folder.port,
      otherDirectoryPort: otherFolder.port,
      tlsPort,
    },
    play: (script) => {
      instruct(provider, folder, script);
      tlsServer.setSecureContext(pair(script.certificate ?? 'good'));
    },
    takeSeen: () => {
      const seen: Seen = {
        provider: linesOf(provider),
        otherProvider: linesOf(otherProvider),
        passwords: taken(folder),
        otherPasswords: taken(otherFolder),
        trusting,
      };
      trusting = 0;
      return seen;
    },
    visit: (url) => visit(url, { ca: good.cert }),
  };
}

function instruct(provider: HostileProvider, folder: FakeDirectory, script: Script): void {
  const { metadata = {}, answers = {}, directory = { search: 'nobody' } } = script;
  provider.misdeed = {
    metadata: (own) => ({ ...own, ...metadata }),
    answer: Object.fromEntries(
      Object.entries(answers).map(([path, { status, headers = {}, body = '' }]) => [
        path,
        (_request, response) => void response.writeHead(status, headers).end(body),
      ]),
    ),
  };
  folder.search = directory.search;
  folder.referral = directory.referral ?? folder.referral;
}

function linesOf({ requests, redemptions }: HostileProvider): string[] {
  const bodies = redemptions.splice(0).map(String);
  return [...requests.splice(0).map(({ line, authorization = '' }) => `${line} ${authorization}`), ...bodies];
}

const counted = new WeakMap<FakeDirectory, number>();

function taken(folder: FakeDirectory): string[] {
  const from = counted.get(folder) ?? 0;
  counted.set(folder, folder.passwords.length);
  return folder.passwords.slice(from);
}

async function visit(url: string, options: RequestOptions): Promise<string> {
  const asking = request(url, options);
  asking.end();
  const [answer] = (await once(asking, 'response')) as [{ headers: { location?: string }; resume(): void }];
  answer.resume();
  return answer.headers.location ?? '';
}
