import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from '@moorage/testing';
import { type RunOptions, type RunResult, runProgram } from '../target/run-program.ts';
import { startServer } from '../target/server-process.ts';

export interface DockerDaemon {
  /** Runs the docker command against this daemon. */
  docker(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Runs ctr against the containerd that this daemon started. */
  ctr(args: readonly string[]): Promise<RunResult>;
  stop(): Promise<void>;
}

/** Starts dockerd with all its state in the directory, without networks, beside any daemon the machine has. */
export async function startDockerDaemon(directory: string): Promise<DockerDaemon> {
  const at = (name: string) => join(directory, name);
  mkdirSync(at('docker-config'), { recursive: true });
  const socket = `unix://${at('docker.sock')}`;
  const state = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('docker.pid'), '-H', socket];
  const network = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'];
  const args = ['--storage-driver', 'vfs', ...state, ...network, '--insecure-registry', '127.0.0.0/8'];
  const server = startServer(programPath('dockerd') ?? 'dockerd', args, { TMPDIR: directory });
  await server.line(/API listen on/, 240_000);
  const env = { DOCKER_HOST: socket, DOCKER_CONFIG: at('docker-config'), DOCKER_BUILDKIT: '0' };
  return {
    docker: (command, options = {}) => runProgram('docker', command, { env, ...options }),
    ctr: (command) =>
      runProgram('ctr', ['--address', at('exec/containerd/containerd.sock'), '--namespace', 'e2e', ...command]),
    stop: () => server.stop(),
  };
}
