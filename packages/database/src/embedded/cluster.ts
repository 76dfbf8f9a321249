import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError, USE_A_SERVER } from './embedded-error.ts';
import { choosePostgresAccount } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { runPostgres } from './postgres-process.ts';

/** The role and database of the product. The superuser `postgres` has a password that nobody kept. */
export const DATABASE = 'moorage';

/**
 * What the data directory holds for PostgreSQL:
 *
 *     postgres/            entered by every account, so that the one PostgreSQL runs under gets in
 *       cluster/           the PostgreSQL data directory
 *       password           of the role `moorage`, readable by the owner of Moorage only
 *       postgres.log
 *     postgres.new/        the same while it is being made; a later start throws it away and begins again
 */
export interface Cluster {
  readonly home: string;
  readonly directory: string;
  readonly log: string;
  readonly password: string;
}

interface InitialiseOptions {
  /** Gives the role `moorage` all rights, for test servers that make databases by themselves. */
  readonly superuser?: boolean;
  /** Skips flushing to disk; only for data nobody needs after a crash. */
  readonly noSync?: boolean;
}

/** Opens the cluster below `dataDir` and makes it first when it is not there; checks that its version is ours. */
export async function openCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  options: InitialiseOptions = {},
): Promise<Cluster> {
  const home = join(dataDir, 'postgres');
  if (!existsSync(home)) await initialise(dataDir, home, binaries, options);
  const directory = join(home, 'cluster');
  checkVersion(directory, binaries.major);
  return { home, directory, log: join(home, 'postgres.log'), password: readPassword(join(home, 'password')) };
}

/** The rename at the end is what makes the cluster exist, so a start that was cut short leaves nothing half made. */
async function initialise(dataDir: string, home: string, binaries: PostgresBinaries, options: InitialiseOptions) {
  const draft = join(dataDir, 'postgres.new');
  const directory = join(draft, 'cluster');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o711 });
  mkdirSync(directory, { mode: 0o700 });
  const account = choosePostgresAccount(directory, binaries);
  await runPostgres(account, [
    binaries.initdb,
    `--pgdata=${directory}`,
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(options.noSync ? ['--no-sync'] : []),
  ]);
  const password = randomBytes(24).toString('base64url');
  await createRole(account, binaries, directory, password, options);
  // Written by us into the directory of the other account: only ever read by PostgreSQL.
  writeFileSync(join(directory, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
  writeFileSync(join(draft, 'password'), `${password}\n`, { mode: 0o600, flush: true });
  renameSync(draft, home);
  flushDirectory(dataDir);
}

function flushDirectory(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** In single-user mode nothing listens yet, so the role exists before anybody could connect without its password. */
function createRole(
  account: ReturnType<typeof choosePostgresAccount>,
  binaries: PostgresBinaries,
  directory: string,
  password: string,
  options: InitialiseOptions,
): Promise<void> {
  const command = [binaries.postgres, '--single', '-c', 'log_checkpoints=off', '-c', 'exit_on_error=on'] as const;
  const rights = options.superuser ? 'SUPERUSER' : 'NOSUPERUSER';
  return runPostgres(
    account,
    [...command, ...(options.noSync ? ['-F'] : []), '-D', directory, 'postgres'],
    `CREATE ROLE ${DATABASE} LOGIN ${rights} PASSWORD '${password}';\nCREATE DATABASE ${DATABASE} OWNER ${DATABASE};\n`,
  );
}

function checkVersion(directory: string, ours: string): void {
  const theirs = readTextIfThere(join(directory, 'PG_VERSION'))?.trim();
  if (theirs === ours) return;
  if (theirs === undefined) {
    throw new EmbeddedPostgresError(
      `${directory} holds no PostgreSQL data. Restore it from a backup, move the directory above it away to begin with ` +
        `an empty registry, ${USE_A_SERVER}.`,
    );
  }
  throw new EmbeddedPostgresError(
    `The data in ${directory} was made by PostgreSQL ${theirs}; this Moorage brings PostgreSQL ${ours} and cannot convert ` +
      `it. Start the Moorage version that made it, load a dump of it into PostgreSQL ${ours}, ${USE_A_SERVER}.`,
  );
}

function readPassword(path: string): string {
  const password = readTextIfThere(path)?.trim();
  if (password) return password;
  throw new EmbeddedPostgresError(
    `The password of the embedded PostgreSQL is missing from ${path}. Restore that file from a backup, ${USE_A_SERVER}.`,
  );
}

function readTextIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
