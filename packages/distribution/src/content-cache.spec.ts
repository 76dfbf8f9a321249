import { describe, expect, it } from 'vitest';
import { ContentCache } from './content-cache.ts';
import { type Digest, digestOf } from './digest.ts';

const entry = (name: string, size: number): [Digest, Buffer] => [digestOf(Buffer.from(name)), Buffer.alloc(size)];

describe('ContentCache', () => {
  it('forgets what was not used for longest, by bytes', () => {
    const cache = new ContentCache(1600);
    const entries = Array.from({ length: 16 }, (_, index) => entry(`e${index}`, 100));
    for (const [digest, bytes] of entries) cache.set(digest, bytes);
    const [first, second] = entries.map(([digest]) => digest) as [Digest, Digest];
    expect(cache.get(first)).toBeDefined();
    cache.set(...entry('one more', 100));
    expect(cache.get(first)).toBeDefined();
    expect(cache.get(second)).toBeUndefined();
  });

  it('keeps nothing that would push out most of the rest, and nothing at all without room', () => {
    const cache = new ContentCache(1600);
    const [digest, bytes] = entry('large', 101);
    cache.set(digest, bytes);
    expect(cache.get(digest)).toBeUndefined();
    const none = new ContentCache(0);
    none.set(digest, bytes);
    expect(none.get(digest)).toBeUndefined();
  });

  it('counts an entry once however often it is set', () => {
    const cache = new ContentCache(1600);
    const [digest, bytes] = entry('same', 100);
    for (let round = 0; round < 100; round++) cache.set(digest, bytes);
    const other = entry('other', 100);
    cache.set(...other);
    expect([cache.get(digest), cache.get(other[0])]).toEqual([bytes, other[1]]);
  });
});
