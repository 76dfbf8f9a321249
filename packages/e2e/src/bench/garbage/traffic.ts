import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MANIFEST_TYPE } from '../client/image.ts';
import { CpuMoment } from '../machine/processes.ts';
import { PROJECT } from '../registry/contender.ts';
import type { RunningProduct } from '../registry/moorage.ts';
import type { TrafficResult } from './result.ts';

const REPOSITORY = `${PROJECT}/traffic`;
const LAYER_BYTES = 10 * 1024;
const LAYERS = 3;

/**
 * Pushes an image and pulls an earlier one, so many times a second, until `done` settles. Images begin when they are due, not
 * when the one before has ended, so that a registry that hangs is seen in every image it held up.
 */
export async function runTraffic(
  product: RunningProduct,
  imagesPerSecond: number,
  done: Promise<unknown>,
): Promise<TrafficResult> {
  const [authorization = ''] = await product.authorize({ repositories: [REPOSITORY] });
  const client = new ImageClient(product.origin, authorization.slice('Authorization: '.length));
  const pushes: number[] = [];
  const pulls: number[] = [];
  let failures = 0;
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  void done.then(end, end);
  const running = new Set<Promise<void>>();
  const before = new CpuMoment();
  const began = performance.now();
  for (let number = 0; !isOver; number++) {
    const image = (async () => {
      try {
        pushes.push(await timed(() => client.push(number)));
        pulls.push(await timed(() => client.pullOldest()));
      } catch {
        failures++;
      }
    })();
    running.add(image);
    void image.then(() => running.delete(image));
    await sleep(Math.max(0, began + ((number + 1) * 1000) / imagesPerSecond - performance.now()));
  }
  await Promise.all(running);
  const after = new CpuMoment();
  return {
    otherCores: (after.outside(process.pid) - before.outside(process.pid)) / ((after.at - before.at) / 1000),
    images: pushes.length,
    failures,
    pushP50Ms: quantile(pushes, 0.5),
    pushP99Ms: quantile(pushes, 0.99),
    pullP50Ms: quantile(pulls, 0.5),
    pullP99Ms: quantile(pulls, 0.99),
  };
}

/** What clients send for an image, with answers checked. */
class ImageClient {
  readonly #base: string;
  readonly #authorization: string;
  /** Images that were pushed and not pulled yet, oldest first. */
  readonly #pushed: { readonly tag: string; readonly digests: readonly string[] }[] = [];

  constructor(origin: string, authorization: string) {
    this.#base = `${origin}/v2/${REPOSITORY}`;
    this.#authorization = authorization;
  }

  async push(number: number): Promise<void> {
    const blobs = [Buffer.from(JSON.stringify({ os: 'linux', author: randomBytes(16).toString('hex') }))];
    while (blobs.length <= LAYERS) blobs.push(randomBytes(LAYER_BYTES));
    const described = blobs.map((bytes, place) => ({
      mediaType: `application/vnd.oci.image.${place === 0 ? 'config.v1+json' : 'layer.v1.tar'}`,
      digest: digestOf(bytes),
      size: bytes.length,
    }));
    for (const [place, bytes] of blobs.entries()) await this.#pushBlob(described[place]?.digest ?? '', bytes);
    const [config, ...layers] = described;
    const body = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers });
    await this.#call('PUT', `/manifests/t${number}`, 201, { body, type: MANIFEST_TYPE });
    this.#pushed.push({ tag: `t${number}`, digests: described.map(({ digest }) => digest) });
  }

  async pullOldest(): Promise<void> {
    const image = this.#pushed.shift();
    if (!image) throw new Error('nothing was pushed that was not pulled');
    await this.#call('GET', `/manifests/${image.tag}`, 200);
    for (const digest of image.digests) await this.#call('GET', `/blobs/${digest}`, 200);
  }

  async #pushBlob(digest: string, body: Buffer): Promise<void> {
    await this.#call('HEAD', `/blobs/${digest}`, 404);
    const { headers } = await this.#call('POST', '/blobs/uploads/', 202);
    const location = new URL(headers.get('location') ?? '', this.#base);
    location.searchParams.set('digest', digest);
    await this.#call('PUT', location, 201, { body, type: 'application/octet-stream' });
  }

  async #call(
    method: string,
    path: string | URL,
    expected: number,
    content?: { readonly body: string | Buffer; readonly type: string },
  ): Promise<Response> {
    const answer = await fetch(typeof path === 'string' ? `${this.#base}${path}` : path, {
      method,
      headers: { authorization: this.#authorization, ...(content ? { 'content-type': content.type } : {}) },
      ...(content ? { body: Buffer.from(content.body) } : {}),
    });
    await answer.arrayBuffer();
    if (answer.status !== expected) throw new Error(`${method} ${path} answered ${answer.status}`);
    return answer;
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
