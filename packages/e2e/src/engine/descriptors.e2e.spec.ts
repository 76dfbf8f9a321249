import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { RegistryClient, seededBytes } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultyEngine } from './faulty-engine.ts';

const ROUNDS = 60;

describe('the engine and clients that leave in the middle', () => {
  const engine = new FaultyEngine();
  let client: RegistryClient;
  let origin: string;
  const blob = seededBytes('descriptors', 4_000_000);
  const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`;
  const path = `/v2/leaving/app/blobs/${digest}`;
  beforeAll(async () => {
    origin = (await engine.start()) ?? '';
    client = new RegistryClient(origin);
    const pushed = await client.send('POST', `/v2/leaving/app/blobs/uploads/?digest=${digest}`, { body: blob });
    if (pushed.status !== 201) throw new Error(`the push answered ${pushed.status}`);
  });
  afterAll(() => engine.remove());

  /** Everything the process has open, connections included. */
  const openFiles = () => readdirSync(`/proc/${engine.pid}/fd`).length;

  /** Sends a request and cuts the connection once `moment` says so. */
  function leave(method: string, target: string, moment: 'response' | 'half of the body'): Promise<void> {
    return new Promise((resolve) => {
      const headers = moment === 'response' ? {} : { 'content-length': 2_000_000 };
      const outgoing = request(new URL(target, origin), { method, headers, agent: false }, (incoming) => {
        incoming.once('data', () => incoming.destroy());
        incoming.once('close', () => resolve());
      });
      outgoing.once('error', () => resolve());
      outgoing.once('close', () => resolve());
      if (moment === 'response') outgoing.end();
      else outgoing.write(randomBytes(1_000_000), () => outgoing.destroy());
    });
  }

  async function upload(): Promise<string> {
    const opened = await client.send('POST', '/v2/leaving/app/blobs/uploads/', { body: Buffer.alloc(0) });
    return String(opened.headers.location);
  }

  it('has as many files open afterwards as before (B6)', async () => {
    await leave('GET', path, 'response');
    await leave('PATCH', await upload(), 'half of the body');
    const before = openFiles();
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all([
        leave('GET', path, 'response'),
        leave('PATCH', await upload(), 'half of the body'),
        leave('PUT', `${await upload()}&digest=${digest}`, 'half of the body'),
        leave('POST', `/v2/leaving/app/blobs/uploads/?digest=${digest}`, 'half of the body'),
      ]);
    }
    await expect.poll(openFiles, { timeout: 90_000 }).toBeLessThan(before + 10);
    await client.verifyBlob('leaving/app', { mediaType: '', digest, size: blob.length });
  });
});
