import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileQuarantine } from './file-quarantine.ts';

describe('the quarantine of files', () => {
  let root: string;
  let path: string;
  let place: string;
  const quarantine = new FileQuarantine();

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'moorage-quarantine-'));
    for (const name of ['blobs', 'quarantine']) await mkdir(join(root, name));
    path = join(root, 'blobs', 'name');
    place = join(root, 'quarantine', 'name');
    await writeFile(path, 'damaged');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const identity = () => stat(path, { bigint: true });
  const publish = async (text: string) => {
    await writeFile(join(root, 'incoming'), text);
    await rename(join(root, 'incoming'), path);
  };

  it('takes the file that was seen', async () => {
    expect(await quarantine.take(path, place, await identity())).toBe(true);
    expect(await readdir(join(root, 'blobs'))).toEqual([]);
    expect(await readFile(place, 'utf8')).toBe('damaged');
    expect(await readdir(join(root, 'quarantine'))).toEqual(['name']);
  });

  it('puts back a file that took the name meanwhile, and keeps what is in quarantine', async () => {
    await writeFile(place, 'older');
    const seen = await identity();
    await publish('whole');
    expect(await quarantine.take(path, place, seen)).toBe(false);
    expect(await readFile(path, 'utf8')).toBe('whole');
    expect((await identity()).nlink).toBe(1n);
    expect(await readFile(place, 'utf8')).toBe('older');
    expect(await readdir(join(root, 'quarantine'))).toEqual(['name']);
  });

  it('never puts a file back over a newer one', async () => {
    const seen = await identity();
    await publish('whole');
    // Whoever asks which file it wants does so after the move: the moment in which a newer file can come.
    const late = {
      ino: seen.ino,
      get dev() {
        writeFileSync(path, 'newer');
        return seen.dev;
      },
    };
    expect(await quarantine.take(path, place, late)).toBe(false);
    expect(await readFile(path, 'utf8')).toBe('newer');
    expect(await readdir(join(root, 'quarantine'))).toEqual([]);
  });

  it('says that there is nothing to take', async () => {
    const seen = await identity();
    await rm(path);
    expect(await quarantine.take(path, place, seen)).toBe(false);
    expect(await readdir(join(root, 'quarantine'))).toEqual([]);
  });
});
