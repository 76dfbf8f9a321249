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
import { Belongings } from './belongings.ts';
import { Member } from './member.ts';

export interface ClusterOptions {
  /** A directory that every account may enter; removed only when the cluster cannot start, or is told to end. */
  readonly directory: string;
  readonly cores: number;
  readonly workers: number;
  /** Megabytes of a file system of its own for the content, so that it can be filled up; null for none. */
  readonly volumeMegabytes: number | null;
  /** Loaded into every process before the program. */
  readonly preload?: string | undefined;
}

/** So long processes and the database may take until they serve again, on a machine that does much else. */
const SETTLED_WITHIN_MS = 600_000;

const running = new Set<Belongings>();

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
  readonly #belongings: Belongings;
  readonly #password: string;
  /** Of the PostgreSQL that was stopped last: it answers for a moment longer. */
  #stoppedPid = 0;

  private constructor(options: ClusterOptions, parts: Parts, belongings: Belongings) {
    const password = `Crash-${randomBytes(9).toString('hex')}`;
    this.#parts = parts;
    this.#belongings = belongings;
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

  /** Rejects, after ending what it started, when something cannot be started or everything is told to end meanwhile. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const belongings = new Belongings();
    running.add(belongings);
    try {
      const parts = await startParts(options, belongings);
      const cluster = await belongings.add(
        async () => new Cluster(options, parts, belongings),
        ({ members }) => Promise.all(members.map((member) => member.abandon())),
      );
      await cluster.settled();
      return cluster;
    } catch (error) {
      await belongings.abandon();
      running.delete(belongings);
      throw error;
    }
  }

  /** Ends everything at once, without goodbyes, also what is just being started: for whoever was told to end. */
  static async abandonAll(): Promise<void> {
    await Promise.all([...running].map((belongings) => belongings.abandon()));
  }

  get members(): readonly Member[] {
    return [...this.cores, ...this.workers];
  }

  get credentials(): { username: string; password: string } {
    return { username: 'admin', password: this.#password };
  }

  /** Waits until every process serves and the database answers, those that were ended a moment ago anew. */
  async settled(): Promise<void> {
    for (const end = performance.now() + SETTLED_WITHIN_MS; performance.now() < end; await sleep(100)) {
      if (this.#parts.postgres.pid === this.#stoppedPid || !this.members.every((member) => member.isReady)) continue;
      const answers = await Promise.all(this.#parts.ports.map((port) => isReady(`http://127.0.0.1:${port}`)));
      if (answers.every(Boolean)) return;
    }
    throw new Error(`not ready within ${SETTLED_WITHIN_MS / 1000} s:\n${this.output().slice(-5000)}`);
  }

  /** PostgreSQL's immediate shutdown: no checkpoint, no goodbye. It is started again after half a second. */
  stopDatabase(): boolean {
    const { pid } = this.#parts.postgres;
    try {
      process.kill(pid, 'SIGQUIT');
    } catch {
      // It is down from the last time.
      return false;
    }
    this.#stoppedPid = pid;
    return true;
  }

  /** Empties the queue behind the backs of all who use it; false when there is none but the database. */
  async flushRedis(): Promise<boolean> {
    await this.#parts.redis?.flush();
    return this.#parts.redis !== null;
  }

  output(): string {
    return this.members.map((member) => `== ${member.name}\n${member.output()}`).join('\n');
  }

  /** What ended, or was found to have ended, without an order. */
  surprises(): readonly string[] {
    return this.members.flatMap((member) => member.surprises);
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
    await this.#parts.balancer.stop();
    await this.#parts.redis?.server.stop();
    await this.#parts.postgres.stop();
    await this.#parts.volume?.remove();
    // Not before everything is gone: an order to end may come at any time.
    running.delete(this.#belongings);
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

async function startParts(options: ClusterOptions, belongings: Belongings): Promise<Parts> {
  const { directory, cores, volumeMegabytes } = options;
  await belongings.add(
    async () => chmodSync(directory, 0o755),
    () => rmSync(directory, { recursive: true, force: true }),
  );
  const base = join(directory, 'base');
  mkdirSync(base, { mode: 0o711, recursive: true });
  const postgres = await belongings.add(
    // A superuser, so that bugs can be planted in the server's own settings.
    () => startEmbeddedPostgres({ dataDir: base, log: () => {}, superuser: true }),
    (started) => started.stop(),
  );
  const redis = hasProgram('redis-server')
    ? await belongings.add(startRedis, ({ server }) => server.kill('SIGKILL'))
    : null;
  const volume =
    volumeMegabytes === null
      ? null
      : await belongings.add(
          () => LoopVolume.create(volumeMegabytes),
          (made) => made.remove(),
        );
  const ports: number[] = [];
  while (ports.length < cores) ports.push(await freePort());
  const balancer = await belongings.add(
    () => Balancer.start(ports),
    (started) => started.stop(),
  );
  return { postgres, redis, volume, ports, balancer };
}

async function startRedis(): Promise<Redis> {
  const port = await freePort();
  const path = programPath('redis-server') ?? 'redis-server';
  const flags = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  const server = startServer(path, ['--port', String(port), ...flags], {});
  await server.line(/Ready to accept connections/, 60_000).catch(async (error: Error) => {
    await server.kill('SIGKILL');
    throw error;
  });
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
