import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@moorage/database/embedded';
import { freePort, hasProgram, programPath, sendRequest } from '@moorage/testing';
import { LoopVolume } from '../../engine/loop-volume.ts';
import { type ServerProcess, startServer } from '../../target/server-process.ts';
import { ROOT } from '../../target/workspace.ts';
import { Balancer } from './balancer.ts';
import { Member } from './member.ts';

export interface ClusterOptions {
  /** A directory that every account may enter; not removed at the end. */
  readonly directory: string;
  readonly cores: number;
  readonly workers: number;
  /** Megabytes of a file system of its own for the content, so that it can be filled up; null for none. */
  readonly volumeMegabytes: number | null;
  /** Loaded into every process before the program. */
  readonly preload?: string | undefined;
}

const running = new Set<Cluster>();

/** Several cores and workers on one database, one queue and one directory of content, behind one address. */
export class Cluster {
  readonly cores: readonly Member[];
  readonly workers: readonly Member[];
  readonly origin: string;
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  readonly volume: LoopVolume | null;
  readonly hasRedis: boolean;
  /** Of each core by itself, past the balancer. */
  readonly coreOrigins: readonly string[];
  /** What must never be printed. */
  readonly secrets: readonly string[];
  readonly #parts: Parts;
  readonly #directory: string;
  readonly #password: string;

  private constructor(options: ClusterOptions, parts: Parts, password: string) {
    this.#parts = parts;
    this.#directory = options.directory;
    this.#password = password;
    this.origin = parts.balancer.origin;
    this.databaseUrl = parts.postgres.url;
    this.volume = parts.volume;
    this.hasRedis = parts.redis !== null;
    this.coreOrigins = parts.ports.map((port) => `http://127.0.0.1:${port}`);
    const secretKey = randomBytes(32).toString('hex');
    this.secrets = [password, secretKey];
    this.dataDirectory = parts.volume?.path ?? join(options.directory, 'data');
    const env = {
      MOORAGE_HOST: '127.0.0.1',
      MOORAGE_EXTERNAL_URL: this.origin,
      MOORAGE_DATA_DIR: this.dataDirectory,
      MOORAGE_DATABASE_URL: this.databaseUrl,
      MOORAGE_ADMIN_PASSWORD: password,
      MOORAGE_SECRET_KEY: secretKey,
      MOORAGE_LOG_LEVEL: 'warn',
      ...(parts.redis ? { MOORAGE_REDIS_URL: parts.redis.url } : {}),
    };
    const member = (kind: 'core' | 'worker', index: number, port = 0) =>
      new Member({
        name: `${kind} ${index}`,
        script: join(ROOT, `apps/${kind}/dist/main.js`),
        preload: options.preload,
        env: { ...env, MOORAGE_PORT: String(port) },
      });
    this.cores = parts.ports.map((port, index) => member('core', index, port));
    this.workers = Array.from({ length: options.workers }, (_, index) => member('worker', index));
  }

  static async start(options: ClusterOptions): Promise<Cluster> {
    const parts = await startParts(options);
    const cluster = new Cluster(options, parts, `Crash-${randomBytes(9).toString('hex')}`);
    running.add(cluster);
    await cluster.settled();
    return cluster;
  }

  /** Ends everything at once, without goodbyes: for whoever was told to end. */
  static async abandonAll(): Promise<void> {
    await Promise.all([...running].map((cluster) => cluster.#abandon()));
  }

  get credentials(): { username: string; password: string } {
    return { username: 'admin', password: this.#password };
  }

  /** Waits until every process serves and the database answers. */
  async settled(): Promise<void> {
    await Promise.all([...this.cores, ...this.workers].map((member) => member.ready()));
    for (let attempt = 0; attempt < 600; attempt++) {
      const answers = await Promise.all(this.#parts.ports.map((port) => isReady(`http://127.0.0.1:${port}`)));
      if (answers.every(Boolean)) return;
      await sleep(100);
    }
    throw new Error(`not ready within a minute:\n${this.output().slice(-5000)}`);
  }

  /** PostgreSQL's immediate shutdown: no checkpoint, no goodbye. It is started again after half a second. */
  stopDatabase(): boolean {
    try {
      return process.kill(this.#parts.postgres.pid, 'SIGQUIT');
    } catch {
      // It is down from the last time.
      return false;
    }
  }

  /** Empties the queue behind the backs of all who use it; false when there is none but the database. */
  async flushRedis(): Promise<boolean> {
    await this.#parts.redis?.flush();
    return this.#parts.redis !== null;
  }

  output(): string {
    return [...this.cores, ...this.workers].map((member) => `== ${member.name}\n${member.output()}`).join('\n');
  }

  /** What ended, or was found to have ended, without an order. */
  surprises(): readonly string[] {
    return [...this.cores, ...this.workers].flatMap((member) => member.surprises);
  }

  async #abandon(): Promise<void> {
    running.delete(this);
    for (const member of [...this.cores, ...this.workers]) member.abandon();
    await this.#parts.redis?.server.kill('SIGKILL');
    await this.#parts.postgres.stop();
    await this.#parts.volume?.remove();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    running.delete(this);
    await Promise.all([...this.cores, ...this.workers].map((member) => member.stop()));
    await this.#parts.balancer.stop();
    await this.#parts.redis?.server.stop();
    await this.#parts.postgres.stop();
    await this.#parts.volume?.remove();
  }
}

interface Parts {
  readonly postgres: EmbeddedPostgres;
  readonly redis: Redis | null;
  readonly ports: readonly number[];
  readonly balancer: Balancer;
  readonly volume: LoopVolume | null;
}

interface Redis {
  readonly url: string;
  readonly server: ServerProcess;
  flush(): Promise<void>;
}

async function startParts(options: ClusterOptions): Promise<Parts> {
  chmodSync(options.directory, 0o755);
  const base = join(options.directory, 'base');
  mkdirSync(base, { mode: 0o711, recursive: true });
  // A superuser, so that bugs can be planted in the server's own settings.
  const postgres = await startEmbeddedPostgres({ dataDir: base, log: () => {}, superuser: true });
  const redis = hasProgram('redis-server') ? await startRedis() : null;
  const volume = options.volumeMegabytes === null ? null : await LoopVolume.create(options.volumeMegabytes);
  const ports: number[] = [];
  while (ports.length < options.cores) ports.push(await freePort());
  return { postgres, redis, volume, ports, balancer: await Balancer.start(ports) };
}

async function startRedis(): Promise<Redis> {
  const port = await freePort();
  const path = programPath('redis-server') ?? 'redis-server';
  const flags = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  const server = startServer(path, ['--port', String(port), ...flags], {});
  await server.line(/Ready to accept connections/, 20_000);
  const { connect } = await import('node:net');
  const flush = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('FLUSHALL\r\n'));
      socket.once('data', () => resolve(void socket.destroy()));
      socket.once('error', reject);
    });
  return { url: `redis://127.0.0.1:${port}`, server, flush };
}

async function isReady(origin: string): Promise<boolean> {
  const answer = await sendRequest('GET', new URL('/readyz', origin)).catch(() => null);
  return answer?.status === 200;
}
