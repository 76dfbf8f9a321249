import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTempDirectory } from '@moorage/testing';
import type { CertificateName, Script, Seen, Stage } from './lab-actors.ts';

/** What a suite asks of the program in the namespace. */
export interface LabQuestion {
  readonly id: number;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly call?: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly takesHits?: boolean;
  readonly script?: Script;
  readonly takesSeen?: boolean;
  /** A page of the product. */
  readonly browse?: { readonly path: string; readonly cookie: string };
  /** A page of the provider. */
  readonly visit?: string;
}

export interface LabAnswer {
  readonly id: number;
  readonly status?: number;
  readonly body?: string;
  readonly hits?: readonly { readonly address: string; readonly port: number }[];
  readonly stage?: Stage | undefined;
  readonly seen?: Seen | undefined;
  readonly location?: string | undefined;
  readonly cookie?: string;
}

/** The product in a network of its own that holds forbidden addresses, each with a trap. No packet leaves the machine. */
export interface NetworkLab {
  /** Names and what they resolve to: addresses joined by spaces; several texts are answered one after the other. */
  setNames(names: Readonly<Record<string, readonly string[]>>): Promise<void>;
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: string }>;
  /** Connections that reached a trap since the last time. */
  takeHits(): Promise<readonly { readonly address: string; readonly port: number }[]>;
  /** Other servers at the two public addresses; only with `actors`. */
  readonly stage: Stage;
  /** PEM of a certificate of the lab; only with `actors`. */
  certificate(name: CertificateName): string;
  play(script: Script): Promise<void>;
  takeSeen(): Promise<Seen>;
  /** Signs in through a source in a new browser; resolves with where that ends. */
  signIn(sourceId: number): Promise<string>;
  stop(): Promise<void>;
}

export interface LabOptions {
  /** The two public addresses other servers stand at. Needs openssl. */
  readonly actors?: readonly [string, string];
}

/** Starts the product in a new network namespace whose loopback device has these addresses. Needs root. */
export async function startNetworkLab(
  addresses: readonly string[],
  { actors = ['', ''] }: LabOptions = {},
): Promise<NetworkLab> {
  const directory = createTempDirectory('network-lab');
  if (actors[0] !== '') makeCertificates(directory.path, actors);
  const resolver = join(directory.path, 'resolv.conf');
  writeFileSync(resolver, 'nameserver 127.0.0.1\noptions timeout:5 attempts:3\n');
  const setup = [
    'set -e',
    'ip link set lo up',
    ...addresses.map((address) =>
      address.includes(':') ? `ip -6 addr add ${address}/128 dev lo nodad` : `ip addr add ${address}/32 dev lo`,
    ),
    `mount --bind ${resolver} /etc/resolv.conf`,
    `exec ${process.execPath} ${join(import.meta.dirname, 'lab-program.ts')} ${directory.path} ${actors.join(' ')}`,
  ].join('\n');
  const child = spawn('unshare', ['--net', '--mount', 'sh', '-c', setup], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  const pending = new Map<number, (answer: LabAnswer) => void>();
  child.on('message', (answer: LabAnswer) => pending.get(answer.id)?.(answer));
  const { stage = NO_STAGE } = await ready(child, pending, () => output);
  const certificate = (name: CertificateName) => readFileSync(join(directory.path, `${name}.pem`), 'utf8');
  return { ...labOf(child, pending, () => directory.remove()), stage, certificate };
}

const NO_STAGE: Stage = {
  provider: '',
  otherProvider: '',
  clientId: '',
  clientSecret: '',
  directoryPort: 0,
  otherDirectoryPort: 0,
  tlsPort: 0,
};

function makeCertificates(directory: string, addresses: readonly string[]): void {
  const own = ['DNS:good.test', ...addresses.map((address) => `IP:${address}`)].join(',');
  const make = (name: CertificateName, names: string, days: number) => {
    const at = (end: string) => join(directory, `${name}.${end}`);
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at('key')];
    openssl('req', '-new', ...key, '-out', at('csr'), '-subj', `/CN=${name}`);
    writeFileSync(at('ext'), `subjectAltName=${names}\n`);
    const files = ['-in', at('csr'), '-signkey', at('key'), '-extfile', at('ext'), '-out', at('pem')];
    openssl('x509', '-req', ...files, '-days', String(days));
  };
  make('good', own, 2);
  make('expired', own, -1);
  make('other-host', 'DNS:other.test', 2);
  make('other-authority', own, 2);
}

function ready(child: ChildProcess, pending: Map<number, (answer: LabAnswer) => void>, output: () => string) {
  return new Promise<LabAnswer>((resolve, reject) => {
    pending.set(0, resolve);
    child.once('exit', (code) => reject(new Error(`the lab ended with ${code}:\n${output()}`)));
  });
}

function labOf(
  child: ChildProcess,
  pending: Map<number, (answer: LabAnswer) => void>,
  remove: () => void,
): Omit<NetworkLab, 'stage' | 'certificate'> {
  let count = 0;
  const ask = (question: Omit<LabQuestion, 'id'>): Promise<LabAnswer> => {
    const id = ++count;
    return new Promise((resolve, reject) => {
      pending.set(id, (answer) => {
        pending.delete(id);
        resolve(answer);
      });
      child.send({ id, ...question } satisfies LabQuestion, (error) => error && reject(error));
    });
  };
  return {
    setNames: async (names) => void (await ask({ names })),
    api: async (method, path, body) => {
      const { status = 0, body: text = '' } = await ask({ call: { method, path, body } });
      return { status, body: text };
    },
    takeHits: async () => (await ask({ takesHits: true })).hits ?? [],
    play: async (script) => void (await ask({ script })),
    takeSeen: async () => {
      const { seen } = await ask({ takesSeen: true });
      if (!seen) throw new Error('there are no actors');
      return seen;
    },
    signIn: async (sourceId) => {
      const start = await ask({ browse: { path: `/c/oidc/login?source=${sourceId}`, cookie: '' } });
      if (!start.location?.startsWith('https://')) return start.location ?? '';
      const back = new URL((await ask({ visit: start.location })).location ?? '');
      const { cookie = '' } = start;
      return (await ask({ browse: { path: back.pathname + back.search, cookie } })).location ?? '';
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
      remove();
    },
  };
}
