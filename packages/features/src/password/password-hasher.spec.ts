import { Secret } from '@moorage/config';
import { describe, expect, it } from 'vitest';
import { KeyRing } from '../secret/index.ts';
import { BoundedPool } from './bounded-pool.ts';
import { parsePassword } from './password-format.rules.ts';
import { PasswordHasher } from './password-hasher.ts';

const hasher = new PasswordHasher(new KeyRing(new Secret(Buffer.alloc(32, 1))));

describe('PasswordHasher', () => {
  it('makes argon2id hashes that tell their parameters, differ, and match the exact bytes only', async () => {
    const [first, second] = await Promise.all([hasher.hash('Correct-horse-1'), hasher.hash('Correct-horse-1')]);
    expect(first).not.toBe(second);
    expect(parsePassword(first)?.cost).toEqual({ memory: 19_456, passes: 2, parallelism: 1 });
    expect(await hasher.verify('Correct-horse-1', first)).toBe('match');
    expect(await hasher.verify('Correct-horse-1 ', first)).toBe('mismatch');
  });

  it('tells that a hash with other parameters should be renewed', async () => {
    const { argon2Sync } = await import('node:crypto');
    const keys = new KeyRing(new Secret(Buffer.alloc(32, 1)));
    const message = keys.mac('password', Buffer.from('Correct-horse-1'));
    const nonce = Buffer.alloc(16, 5);
    const hash = argon2Sync('argon2id', { message, nonce, parallelism: 1, tagLength: 32, memory: 8192, passes: 1 });
    const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
    const stored = `$argon2id$v=19$m=8192,t=1,p=1,keyid=${keys.keyId}$${text(nonce)}$${text(hash)}`;
    expect(await hasher.verify('Correct-horse-1', stored)).toBe('outdated');
  });

  it('never matches nothing, foreign text, another pepper, or half a surrogate pair', async () => {
    const other = new PasswordHasher(new KeyRing(new Secret(Buffer.alloc(32, 2))));
    const lone = `Aa1-${String.fromCharCode(0xd800)}-password`;
    for (const stored of [null, '', 'plain', '$2b$12$abc', await other.hash('Correct-horse-1')]) {
      expect(await hasher.verify('Correct-horse-1', stored)).toBe('mismatch');
    }
    expect(await hasher.verify(lone, await hasher.hash(lone))).toBe('mismatch');
  });
});

describe('BoundedPool', () => {
  it('S13 runs some, lets some wait, refuses the rest, and is free afterwards', async () => {
    const pool = new BoundedPool({ running: 2, waiting: 3 });
    let running = 0;
    let most = 0;
    const releases: (() => void)[] = [];
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => releases.push(resolve));
      running--;
    };
    const results = Array.from({ length: 8 }, () =>
      pool.run(work).then(
        () => 'done',
        (error: { code: string }) => error.code,
      ),
    );
    for (let turn = 0; turn < 20; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      releases.shift()?.();
    }
    expect((await Promise.all(results)).sort()).toEqual([...Array(3).fill('UNAVAILABLE'), ...Array(5).fill('done')]);
    expect(most).toBe(2);
    await expect(pool.run(() => Promise.reject(new Error('fails')))).rejects.toThrow('fails');
    expect(await pool.run(() => Promise.resolve('free'))).toBe('free');
  });
});
