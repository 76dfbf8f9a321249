import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ensureSecretKey, loadConfig } from './index.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'moorage-key-'));
  directories.push(directory);
  return directory;
}

describe('ensureSecretKey', () => {
  it('makes a key once, readable by its owner only', () => {
    const dataDir = join(freshDirectory(), 'not', 'there', 'yet');
    const first = ensureSecretKey({ dataDir, secretKey: undefined });
    const second = ensureSecretKey({ dataDir, secretKey: undefined });
    expect(first.reveal()).toHaveLength(32);
    expect(second.reveal()).toEqual(first.reveal());
    expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(['secret-key']);
  });

  it('prefers the configured key and then writes nothing', () => {
    const dataDir = freshDirectory();
    const config = loadConfig({ MOORAGE_DATA_DIR: dataDir, MOORAGE_SECRET_KEY: 'ab'.repeat(32) });
    expect(ensureSecretKey(config).reveal()).toEqual(Buffer.alloc(32, 0xab));
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('refuses a damaged key instead of replacing it', () => {
    const dataDir = freshDirectory();
    writeFileSync(join(dataDir, 'secret-key'), 'short\n');
    expect(() => ensureSecretKey({ dataDir, secretKey: undefined })).toThrow('Restore it from a backup');
  });
});
