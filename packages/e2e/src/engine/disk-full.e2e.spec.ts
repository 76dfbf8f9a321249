import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createTempDirectory, describeWith, RegistryClient, seededBytes, type TempDirectory } from '@moorage/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runProgram } from '../target/run-program.ts';
import { FaultyEngine } from './faulty-engine.ts';
import { Ledger } from './ledger.ts';

describeWith(['root'], 'the engine on a full disk (R5)', () => {
  let directory: TempDirectory;
  let engine: FaultyEngine;
  let ledger: Ledger;
  let client: RegistryClient;
  beforeEach(async () => {
    directory = createTempDirectory('full');
    await mount('size=8m,nr_inodes=400');
    engine = new FaultyEngine(join(directory.path, 'root'));
    const origin = (await engine.start()) ?? '';
    [ledger, client] = [new Ledger(origin), new RegistryClient(origin)];
    await ledger.pushEverything('before');
    if (ledger.refusals.length > 0) throw new Error(`the first push was refused: ${ledger.refusals.join()}`);
  });
  afterEach(async () => {
    await engine.remove();
    await runProgram('umount', [directory.path]);
    directory.remove();
  });

  const mount = (options: string) => runProgram('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory.path]);

  const large = seededBytes('large', 12_000_000);
  const digest = `sha256:${createHash('sha256').update(large).digest('hex')}`;

  async function start(): Promise<string> {
    const opened = await client.send('POST', '/v2/full/app/blobs/uploads/', { body: Buffer.alloc(0) });
    expect(opened.status).toBe(202);
    return String(opened.headers.location);
  }

  it('refuses what does not fit, whatever the way, and keeps everything else', async () => {
    const refusals = [
      await client.send('POST', `/v2/full/app/blobs/uploads/?digest=${digest}`, { body: large }),
      await client.send('PUT', `${await start()}&digest=${digest}`, { body: large }),
      await client.send('PATCH', await start(), { body: large }),
    ];
    for (const { status, body } of refusals) {
      expect(status).toBe(507);
      expect(JSON.parse(body.toString())).toMatchObject({ errors: [{ code: 'UNAVAILABLE' }] });
    }
    expect(await ledger.audit()).toEqual([]);
    await ledger.pushEverything('small');
    expect(ledger.refusals).toEqual([]);
  });

  it('keeps a session whose chunk did not fit, and takes the chunk once there is room, without a restart', async () => {
    const location = await start();
    const first = await client.send('PATCH', location, { body: large.subarray(0, 1_000_000) });
    expect(first.status).toBe(202);
    const second = await client.send('PATCH', String(first.headers.location), { body: large.subarray(1_000_000) });
    expect(second.status).toBe(507);
    const asked = await client.send('GET', String(first.headers.location));
    expect(asked.headers.range).toBe('0-999999');
    await mountAgain('size=64m');
    const rest = await client.send('PATCH', String(asked.headers.location), { body: large.subarray(1_000_000) });
    expect(rest.status).toBe(202);
    const stored = await client.send('PUT', `${String(rest.headers.location)}&digest=${digest}`, {
      body: Buffer.alloc(0),
    });
    expect(stored.status).toBe(201);
    await client.verifyBlob('full/app', { mediaType: '', digest, size: large.length });
  });

  it('refuses when there are no more files to be had, and serves what it has', async () => {
    let status = 201;
    for (let count = 0; count < 500 && status === 201; count++) {
      const bytes = Buffer.from(`file ${count}`);
      const own = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      ({ status } = await client.send('POST', `/v2/full/app/blobs/uploads/?digest=${own}`, { body: bytes }));
    }
    expect(status).toBe(507);
    expect(await ledger.audit()).toEqual([]);
    await mountAgain('nr_inodes=4000');
    await ledger.pushEverything('after');
    expect(ledger.refusals).toEqual([]);
  });

  const mountAgain = (options: string) => mount(`remount,${options}`);
});
