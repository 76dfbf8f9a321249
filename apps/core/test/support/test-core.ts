import { randomBytes } from 'node:crypto';
import { type Config, loadConfig } from '@moorage/config';
import { type Client, createClient } from '@moorage/contracts';
import { Clock } from '@moorage/features/clock';
import { Logger, type LogLevel } from '@moorage/features/platform';
import { createTempDirectory, createTestDatabase, type TempDirectory, type TestDatabase } from '@moorage/testing';
import { startCore, type RunningCore } from '../../src/core.ts';

export const ADMIN_PASSWORD = 'Admin-Passw0rd-of-tests';
/** Password of every user {@link TestCore.createUser} makes. */
export const USER_PASSWORD = 'User-Passw0rd-of-tests';

/** A clock tests move forward by hand; it starts at the real time, because the database has a clock of its own. */
export class TestClock extends Clock {
  #offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  advanceMinutes(minutes: number): void {
    this.#offsetMs += minutes * 60_000;
  }
}

/** One core process, in this process, over a database and a folder of its own. */
export interface TestCore {
  readonly url: string;
  readonly database: TestDatabase['database'];
  readonly clock: TestClock;
  /** A typed client with Basic credentials, or without any. */
  client(credentials?: { name: string; password: string }): Client;
  /** The first administrator. */
  readonly admin: Client;
  /** Makes an ordinary user with {@link USER_PASSWORD} and returns his client. */
  createUser(name: string): Promise<{ id: number; client: Client }>;
  stop(): Promise<void>;
}

/**
 * Starts a core for tests. `environment` adds to the configuration, for example an external address; `level` is that of
 * the log, which goes to stderr.
 */
export async function startTestCore(
  environment: Readonly<Record<string, string>> = {},
  level: LogLevel = 'error',
): Promise<TestCore> {
  const test = await createTestDatabase();
  const folder = createTempDirectory('moorage-core-');
  const clock = new TestClock();
  const core = await startCore(configOf(test, folder, environment), new Logger(level), clock);
  const client = (credentials?: { name: string; password: string }): Client =>
    createClient({ baseUrl: core.url, headers: () => headersOf(credentials) });
  const admin = client({ name: 'admin', password: ADMIN_PASSWORD });
  return {
    url: core.url,
    database: test.database,
    clock,
    client,
    admin,
    createUser: async (name) => ({
      id: await createAccount(core, name),
      client: client({ name, password: USER_PASSWORD }),
    }),
    stop: async () => {
      await core.stop();
      await test.close();
      folder.remove();
    },
  };
}

function headersOf(credentials?: { name: string; password: string }): Record<string, string> {
  return credentials ? { authorization: basic(credentials.name, credentials.password) } : {};
}

/** An Authorization header of the Basic scheme. */
export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

function configOf(test: TestDatabase, folder: TempDirectory, environment: Readonly<Record<string, string>>): Config {
  return loadConfig({
    MOORAGE_PORT: '0',
    MOORAGE_DATABASE_URL: test.url,
    MOORAGE_DATA_DIR: folder.path,
    MOORAGE_ADMIN_PASSWORD: ADMIN_PASSWORD,
    MOORAGE_SECRET_KEY: randomBytes(32).toString('hex'),
    ...environment,
  });
}

async function createAccount(core: RunningCore, name: string): Promise<number> {
  const response = await fetch(`${core.url}/api/v2.0/users`, {
    method: 'POST',
    headers: { authorization: basic('admin', ADMIN_PASSWORD), 'content-type': 'application/json' },
    body: JSON.stringify({
      username: name,
      email: `${name}@example.com`,
      realname: name,
      password: USER_PASSWORD,
      comment: '',
    }),
  });
  if (response.status !== 201) throw new Error(`user ${name} not created: ${response.status} ${await response.text()}`);
  return Number(response.headers.get('location')?.split('/').pop());
}
