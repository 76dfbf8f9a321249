import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, programPath } from '@moorage/testing';
import { type ServerProcess, startServer } from '../../target/server-process.ts';
import type { Contender, RunningRegistry } from './contender.ts';

interface Peer {
  readonly name: string;
  readonly title: string;
  readonly program: string;
  readonly install: string;
}

const PEERS: readonly Peer[] = [
  {
    name: 'registry-2.8',
    title: 'docker-registry',
    program: 'docker-registry',
    install: 'apt-get install -y docker-registry',
  },
  {
    name: 'distribution-3',
    title: 'distribution',
    program: 'registry',
    install: 'go install github.com/distribution/distribution/v3/cmd/registry@latest',
  },
];

const READY_ATTEMPTS = 200;

/** The peers that this machine has; the others are named with the command that installs them. */
export function findPeers(warn: (message: string) => void): readonly Contender[] {
  return PEERS.flatMap((peer) => {
    const path = programPath(peer.program);
    if (path) return [contender(peer, path)];
    warn(`${peer.name} does not take part: ${peer.program} is missing (${peer.install})`);
    return [];
  });
}

function contender(peer: Peer, path: string): Contender {
  const version = /v?(\d+\.\d+\.\d+)/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }))?.[1] ?? '';
  return { name: peer.name, title: `${peer.title} ${version}`, start: (directory) => startPeer(path, directory) };
}

/** No token, no access log, no tracing, descriptors cached in memory: what makes the peer fastest. */
function configuration(root: string, port: number): string {
  return `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: ${JSON.stringify(root)} }
  delete: { enabled: true }
  cache: { blobdescriptor: inmemory }
  maintenance: { uploadpurging: { enabled: false } }
http: { addr: "127.0.0.1:${port}", secret: bench }
`;
}

async function startPeer(path: string, directory: string): Promise<RunningRegistry> {
  const port = await freePort();
  const root = join(directory, 'content');
  const file = join(directory, 'config.yml');
  mkdirSync(root, { recursive: true });
  writeFileSync(file, configuration(root, port));
  const server = startServer(path, ['serve', file], { OTEL_TRACES_EXPORTER: 'none' });
  for (let attempt = 0; attempt < READY_ATTEMPTS; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => null);
    if (answer?.ok) return running(server, port, root);
    await sleep(50);
  }
  await server.stop();
  throw new Error(`${path} did not answer:\n${server.output()}`);
}

function running(server: ServerProcess, port: number, root: string): RunningRegistry {
  const repositories = join(root, 'docker/registry/v2/repositories');
  return {
    port,
    rootPid: server.pid,
    servingPid: server.pid,
    authorize: async () => [],
    // A repository is a directory of links: a copy is what a push would have left.
    cloneRepository: (from, to) => cpSync(join(repositories, from), join(repositories, to), { recursive: true }),
    stop: () => server.stop(),
  };
}
