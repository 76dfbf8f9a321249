import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTempDirectory } from '@moorage/testing';

/** What a suite asks of the program in the namespace. */
export interface LabQuestion {
  readonly id: number;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly call?: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly takesHits?: boolean;
}

export interface LabAnswer {
  readonly id: number;
  readonly status?: number;
  readonly body?: string;
  readonly hits?: readonly { readonly address: string; readonly port: number }[];
}

/** The product in a network of its own that holds forbidden addresses, each with a trap. No packet leaves the machine. */
export interface NetworkLab {
  /** Names and what they resolve to: addresses joined by spaces; several texts are answered one after the other. */
  setNames(names: Readonly<Record<string, readonly string[]>>): Promise<void>;
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: string }>;
  /** Connections that reached a trap since the last time. */
  takeHits(): Promise<readonly { readonly address: string; readonly port: number }[]>;
  stop(): Promise<void>;
}

/** Starts the product in a new network namespace whose loopback device has these addresses. Needs root. */
export async function startNetworkLab(addresses: readonly string[]): Promise<NetworkLab> {
  const directory = createTempDirectory('network-lab');
  const resolver = join(directory.path, 'resolv.conf');
  writeFileSync(resolver, 'nameserver 127.0.0.1\noptions timeout:1 attempts:2\n');
  const setup = [
    'set -e',
    'ip link set lo up',
    ...addresses.map((address) =>
      address.includes(':') ? `ip -6 addr add ${address}/128 dev lo nodad` : `ip addr add ${address}/32 dev lo`,
    ),
    `mount --bind ${resolver} /etc/resolv.conf`,
    `exec ${process.execPath} ${join(import.meta.dirname, 'lab-program.ts')}`,
  ].join('\n');
  const child = spawn('unshare', ['--net', '--mount', 'sh', '-c', setup], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  const pending = new Map<number, (answer: LabAnswer) => void>();
  child.on('message', (answer: LabAnswer) => pending.get(answer.id)?.(answer));
  await ready(child, pending, () => output);
  return labOf(child, pending, () => directory.remove());
}

function ready(child: ChildProcess, pending: Map<number, (answer: LabAnswer) => void>, output: () => string) {
  return new Promise<void>((resolve, reject) => {
    pending.set(0, () => resolve());
    child.once('exit', (code) => reject(new Error(`the lab ended with ${code}:\n${output()}`)));
  });
}

function labOf(child: ChildProcess, pending: Map<number, (answer: LabAnswer) => void>, remove: () => void): NetworkLab {
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
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
      remove();
    },
  };
}
