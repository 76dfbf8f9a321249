import { type Content, ImageFactory, RegistryClient } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';

const REPOSITORY = 'quay/app';
/** At one a second, far more than a worker removes before it hears that it is to stop. */
const DEAD = 120;
const LONG = { timeout: 120_000, interval: 250 };

interface Run {
  readonly id: number;
  readonly job_status: string;
  readonly job_parameters: string;
}

type Results = Readonly<Record<'purged_blobs' | 'purged_links' | 'freed_space' | 'scanned_blobs', number>>;

/** Everything through the API, as an administrator would: a real worker collects, is stopped, and begins anew. */
let product: Product;
let client: RegistryClient;
const images = new ImageFactory('stopped-collection');
const image = images.image({ layerSizes: [2_000, 300] });
const dead: Content[] = Array.from({ length: DEAD }, (_, place) => images.blob(100 + place));

beforeAll(async () => {
  product = await startProduct();
  client = new RegistryClient(product.origin, product.credentials);
  // None by itself.
  await must('PUT', '/system/gc/schedule', { schedule: { type: 'None', cron: '' } });
  await product.createProject('quay');
  await client.push(REPOSITORY, image, 'v1');
  for (const { descriptor, bytes } of dead) await client.pushBlob(REPOSITORY, descriptor, bytes);
});
afterAll(() => product?.stop());

async function must(method: string, path: string, body?: unknown): Promise<string> {
  const answer = await product.api(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body}`);
  return answer.body;
}

const read = async (id: number) => JSON.parse(await must('GET', `/system/gc/${id}`)) as Run;
const resultsOf = ({ job_parameters: results }: Run) => JSON.parse(results) as Results;
const logOf = (id: number) => must('GET', `/system/gc/${id}/log`);

async function begin(isDry: boolean): Promise<number> {
  await must('POST', '/system/gc/schedule', {
    schedule: { type: 'Manual' },
    parameters: { delete_untagged: false, dry_run: isDry, workers: 1 },
  });
  const [newest] = JSON.parse(await must('GET', '/system/gc?page_size=1')) as Run[];
  return newest?.id ?? 0;
}

async function succeeded(id: number): Promise<Results> {
  await expect.poll(async () => (await read(id)).job_status, LONG).toBe('Success');
  return resultsOf(await read(id));
}

/** How many of the dead blobs are there no more. */
async function gone(): Promise<number> {
  let count = 0;
  for (const { descriptor } of dead) {
    const { status } = await client.send('HEAD', `/v2/${REPOSITORY}/blobs/${descriptor.digest}`);
    if (status === 404) count++;
    else expect(status).toBe(200);
  }
  return count;
}

async function used(): Promise<number> {
  const [quota] = JSON.parse(await must('GET', '/quotas?q=name%3Dquay')) as { used: { storage: number } }[];
  return quota?.used.storage ?? 0;
}

function removedByLog(log: string): number {
  return [...log.matchAll(/removed (\d+) blobs,/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}

it('keeps what it has removed when it is stopped, tells exactly how much, and a later one does the rest (GC-4)', async () => {
  const all = dead.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const before = await used();
  await must('PUT', '/configurations', { gc_grace_seconds: 0, gc_blobs_per_second: 1 });
  // A dry run tells when the worker has heard of both.
  const dry = async () => {
    const id = await begin(true);
    const results = await succeeded(id);
    return { results, hasHeard: (await logOf(id)).includes('used less than 0 s ago') };
  };
  await expect.poll(async () => (await dry()).hasHeard, LONG).toBe(true);
  expect((await dry()).results).toMatchObject({ purged_blobs: DEAD, purged_links: DEAD, freed_space: all });
  expect(await gone()).toBe(0);

  const id = await begin(false);
  await expect.poll(async () => resultsOf(await read(id)).purged_blobs ?? 0, LONG).toBeGreaterThan(0);
  await must('PUT', `/system/gc/${id}`);
  expect((await read(id)).job_status).toBe('Stopped');
  // The worker hears of it within seconds, and says so last.
  await expect.poll(() => logOf(id), LONG).toContain('Stopped.');
  const first = resultsOf(await read(id));
  expect(first.purged_blobs).toBeLessThan(DEAD);
  expect(first.purged_links).toBe(first.purged_blobs);
  expect(removedByLog(await logOf(id))).toBe(first.purged_blobs);
  expect(await gone()).toBe(first.purged_blobs);
  expect(await used()).toBe(before - first.freed_space);
  const kept = JSON.parse(await must('GET', '/projects/quay/storage')) as {
    reasons: { reason: string; count: number }[];
  };
  expect(kept.reasons.find(({ reason }) => reason === 'unneeded')?.count).toBe(DEAD - first.purged_blobs);
  // Stopping what has ended changes nothing.
  await must('PUT', `/system/gc/${id}`);
  expect(await read(id)).toMatchObject({ job_status: 'Stopped' });

  await must('PUT', '/configurations', { gc_blobs_per_second: 0 });
  const rest = await succeeded(await begin(false));
  expect(first.purged_blobs + rest.purged_blobs).toBe(DEAD);
  expect(first.purged_links + rest.purged_links).toBe(DEAD);
  expect(first.freed_space + rest.freed_space).toBe(all);
  expect(await gone()).toBe(DEAD);
  expect(await used()).toBe(before - all);
  await client.verify(REPOSITORY, image, 'v1');
  expect(resultsOf(await read(id))).toEqual(first);
});
