import { spawnSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { EmbeddedPostgresError, USE_A_SERVER } from './embedded-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

/** `nobody`, which exists as a number even where no account database does. */
const NOBODY = 65_534;

/** How to run PostgreSQL programs: they refuse root, so root starts them under another account. */
export interface PostgresAccount {
  /** Absent when the programs run as the current user. */
  readonly uid?: number;
  readonly gid?: number;
  /** Command that runs its arguments under the account, when plain uid and gid do not suffice. */
  readonly wrapper: readonly string[];
}

/**
 * Chooses the account for a cluster directory, which must exist. Root runs PostgreSQL as the owner of the directory,
 * or hands an own directory to `nobody`.
 */
export function choosePostgresAccount(directory: string, binaries: PostgresBinaries): PostgresAccount {
  if (process.getuid?.() !== 0) return { wrapper: [] };
  const owner = statSync(directory);
  const [uid, gid] = owner.uid === 0 ? [NOBODY, NOBODY] : [owner.uid, owner.gid];
  chownSync(directory, uid, gid);
  const accounts: PostgresAccount[] = [{ uid, gid, wrapper: [] }, { wrapper: readingWrapper(uid, gid) }];
  const usable = accounts.find((account) => reaches(account, binaries.initdb) && reaches(account, directory));
  if (usable) return usable;
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root, and the account it runs under instead (uid ${uid}) cannot reach ` +
      `${reaches(accounts[0] as PostgresAccount, binaries.initdb) ? directory : binaries.initdb}. ` +
      `Put Moorage and its data directory where every user may enter, run it as an ordinary user, ${USE_A_SERVER}.`,
  );
}

/**
 * Below a private home (mode 0700) another account reaches neither programs nor data. This wrapper lets it pass
 * directories it may not enter, and nothing more; PostgreSQL checks with access(2), which heeds the capability only
 * under no_setuid_fixup.
 */
function readingWrapper(uid: number, gid: number): readonly string[] {
  const capability = '-all,+dac_read_search';
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=${capability}`,
    `--ambient-caps=${capability}`,
    '--securebits=+no_setuid_fixup',
    '--',
  ];
}

function reaches(account: PostgresAccount, path: string): boolean {
  const [file, ...args] = [...account.wrapper, 'test', '-x', path];
  return (
    spawnSync(file as string, args, { uid: account.uid, gid: account.gid, cwd: '/', stdio: 'ignore' }).status === 0
  );
}
