import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, type Environment, loadConfig } from './index.ts';

function problemsOf(env: Environment): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function fileWith(content: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'moorage-config-'));
  directories.push(directory);
  const path = join(directory, 'value');
  writeFileSync(path, content);
  return path;
}

describe('loadConfig', () => {
  it('needs nothing to be set', () => {
    expect(loadConfig({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      externalUrl: undefined,
      dataDir: resolve('data'),
      role: 'all',
      logLevel: 'info',
      adminPassword: undefined,
      secretKey: undefined,
      databaseUrl: undefined,
      redisUrl: undefined,
    });
  });

  it('takes an empty value as not set, as compose files write it', () => {
    expect(loadConfig({ MOORAGE_PORT: '', MOORAGE_REDIS_URL: '' })).toMatchObject({ port: 8080, redisUrl: undefined });
  });

  it('reports all problems together', () => {
    expect(
      problemsOf({ MOORAGE_PORT: '80801', MOORAGE_ROLE: 'boss', MOORAGE_DATABASE_URL: 'mysql://x', MOORAGE_PROT: '1' }),
    ).toEqual([
      'MOORAGE_PROT is not a setting; did you mean MOORAGE_PORT?',
      'MOORAGE_PORT must be a whole number from 0 to 65535',
      'MOORAGE_ROLE must be one of all, core, worker',
      'MOORAGE_DATABASE_URL must be an address that starts with postgresql:// or postgres://',
    ]);
  });

  it('never repeats a secret in a problem', () => {
    const [problem] = problemsOf({ MOORAGE_DATABASE_URL: 'mysql://root:hunter2@db' });
    expect(problem).not.toContain('hunter2');
  });

  it('cannot be changed after loading', () => {
    const config = loadConfig({}) as { port: number };
    expect(() => {
      config.port = 1;
    }).toThrow(TypeError);
  });

  it.each([
    ['ftp://registry', 'must be an http:// or https:// address'],
    ['https://registry/path', 'registry clients accept no path'],
    ['https://me:secret@registry', 'must not hold a user name or password'],
  ])('refuses %s as the external address', (value, reason) => {
    expect(problemsOf({ MOORAGE_EXTERNAL_URL: value })).toEqual([expect.stringContaining(reason)]);
  });

  it('drops the final slash of the external address', () => {
    expect(loadConfig({ MOORAGE_EXTERNAL_URL: 'https://registry.example.com/' }).externalUrl).toBe(
      'https://registry.example.com',
    );
  });
});

describe('names from elsewhere', () => {
  it('lets the variables of Kubernetes service links and of the test suites pass', () => {
    expect(
      problemsOf({
        MOORAGE_SERVICE_HOST: '10.0.0.1',
        MOORAGE_SERVICE_PORT_HTTP: '80',
        MOORAGE_CORE_PORT: 'tcp://10.0.0.1:80',
        MOORAGE_PORT_80_TCP_ADDR: '10.0.0.1',
        MOORAGE_TEST_DATABASE_URL: 'postgresql://x',
        MOORAGE_REQUIRE_ALL: '1',
      }),
    ).toEqual([]);
  });

  it('says what to do when a service link overwrites the port', () => {
    expect(problemsOf({ MOORAGE_PORT: 'tcp://10.0.0.1:80' })).toEqual([expect.stringContaining('enableServiceLinks')]);
  });
});

describe('secrets', () => {
  it('redact themselves wherever they are printed', () => {
    const config = loadConfig({ MOORAGE_ADMIN_PASSWORD: 'correct horse' });
    const printed = [`${config.adminPassword}`, JSON.stringify(config), inspect(config, { depth: 9 })].join('\n');
    expect(printed).not.toContain('correct horse');
    expect(config.adminPassword?.reveal()).toBe('correct horse');
  });

  it('can come from a file, whose last line break does not count', () => {
    const config = loadConfig({ MOORAGE_ADMIN_PASSWORD_FILE: fileWith(' spaces stay \n') });
    expect(config.adminPassword?.reveal()).toBe(' spaces stay ');
  });

  it('refuse to be given twice, from an empty file or from none', () => {
    expect(problemsOf({ MOORAGE_REDIS_URL: 'redis://x', MOORAGE_REDIS_URL_FILE: fileWith('redis://y') })).toEqual([
      'MOORAGE_REDIS_URL and MOORAGE_REDIS_URL_FILE are both set; keep one of them',
    ]);
    expect(problemsOf({ MOORAGE_REDIS_URL_FILE: fileWith('') })).toEqual([expect.stringContaining('empty file')]);
    expect(problemsOf({ MOORAGE_REDIS_URL_FILE: '/nowhere/at-all' })).toEqual([expect.stringContaining('ENOENT')]);
  });

  it('offers the file form for secrets only', () => {
    expect(problemsOf({ MOORAGE_PORT_FILE: '/x' })).toEqual([
      expect.stringContaining('MOORAGE_PORT_FILE is not a setting'),
    ]);
  });

  it.each(['ab'.repeat(32), Buffer.alloc(32, 0xab).toString('base64')])('takes the key %s', (value) => {
    expect(loadConfig({ MOORAGE_SECRET_KEY: value }).secretKey?.reveal()).toEqual(Buffer.alloc(32, 0xab));
  });

  it.each(['ab', 'zz'.repeat(32), Buffer.alloc(31).toString('base64'), `${'ab'.repeat(32)}ab`])(
    'refuses the key %s',
    (value) => {
      expect(problemsOf({ MOORAGE_SECRET_KEY: value })).toEqual([expect.stringContaining('32 random bytes')]);
    },
  );
});
