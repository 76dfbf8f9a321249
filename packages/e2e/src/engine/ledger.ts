import { createHash } from 'node:crypto';
import { RegistryClient, seededBytes } from '@moorage/testing';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const REPOSITORY = 'ledger/app';

interface Entry {
  readonly path: string;
  readonly bytes: Buffer;
  /** Set by the answer: 201 makes it a promise; anything else leaves both outcomes open. */
  acknowledged: boolean;
}

/**
 * Pushes content step by step and remembers what the registry promised. A step that fails for whatever reason is no
 * promise; what it sent may be there whole or not at all, but never in part.
 */
export class Ledger {
  readonly #entries: Entry[] = [];
  readonly #deleted: string[] = [];
  /** Answers outside 2xx, and broken connections, in order. */
  readonly refusals: string[] = [];
  #origin: string;
  #isListening = true;

  constructor(origin: string) {
    this.#origin = origin;
  }

  moveTo(origin: string): void {
    this.#origin = origin;
    this.#isListening = true;
  }

  /**
   * From here on nobody hears an answer, so none is a promise. Said before power is cut: the kernel's way to do that lets
   * a process that waits for fsync run on, and may tell it that all is well.
   */
  hangUp(): void {
    this.#isListening = false;
  }

  /** One of everything: blobs in one request, in two and in chunks; a manifest, a moved tag and a deleted one. */
  async pushEverything(seed: string): Promise<void> {
    const [config, layer, chunked] = [1000, 300_000, 50_000].map((size) => seededBytes(`${seed}/${size}`, size)) as [
      Buffer,
      Buffer,
      Buffer,
    ];
    await this.#step(this.#blob(config), () => this.#send('POST', `blobs/uploads/?digest=${digestOf(config)}`, config));
    await this.#step(this.#blob(layer), async () => this.#finish(await this.#open(), layer, layer));
    await this.#step(this.#blob(chunked), async () => this.#pushInChunks(chunked));
    const image = manifestOf(config, [layer, chunked], seed);
    const put = (reference: string) =>
      this.#send('PUT', `manifests/${reference}`, image, { 'content-type': MANIFEST_TYPE });
    await this.#step(this.#manifest(digestOf(image), image), () => put(digestOf(image)));
    await this.#step(this.#manifest(`tag-${seed}`, image), () => put(`tag-${seed}`));
    const doomed = `doomed-${seed}`;
    await this.#step(undefined, () => put(doomed));
    const removed = await this.#step(undefined, () => this.#send('DELETE', `manifests/${doomed}`), 202);
    if (removed) this.#deleted.push(doomed);
  }

  /** Reads everything back. Returns what is not as it must be; an empty list is what a test wants. */
  async audit(): Promise<string[]> {
    const client = new RegistryClient(this.#origin);
    const wrong: string[] = [];
    for (const { path, bytes, acknowledged } of this.#entries) {
      const { status, body } = await client.send('GET', `/v2/${REPOSITORY}/${path}`);
      if (status === 404 && !acknowledged) continue;
      if (status !== 200 || !body.equals(bytes)) wrong.push(`${path} answered ${status} with ${body.length} bytes`);
    }
    for (const tag of this.#deleted) {
      const { status } = await client.send('GET', `/v2/${REPOSITORY}/manifests/${tag}`);
      if (status !== 404) wrong.push(`the deleted tag ${tag} answered ${status}`);
    }
    return wrong;
  }

  get promises(): number {
    return this.#entries.filter(({ acknowledged }) => acknowledged).length;
  }

  #blob(bytes: Buffer): Entry {
    return { path: `blobs/${digestOf(bytes)}`, bytes, acknowledged: false };
  }

  #manifest(reference: string, bytes: Buffer): Entry {
    return { path: `manifests/${reference}`, bytes, acknowledged: false };
  }

  async #step(entry: Entry | undefined, act: () => Promise<number>, expected = 201): Promise<boolean> {
    if (entry) this.#entries.push(entry);
    const status = await act().catch((error: unknown) => String(error));
    if (status !== expected) this.refusals.push(String(status));
    else if (entry && this.#isListening) entry.acknowledged = true;
    return status === expected && this.#isListening;
  }

  async #send(
    method: string,
    path: string,
    body: Buffer = Buffer.alloc(0),
    headers: Record<string, string> = {},
  ): Promise<number> {
    const url = `/v2/${REPOSITORY}/${path}`;
    return (await new RegistryClient(this.#origin).send(method, url, { body, headers })).status;
  }

  async #open(): Promise<string> {
    const opened = await new RegistryClient(this.#origin).send('POST', `/v2/${REPOSITORY}/blobs/uploads/`, {
      body: Buffer.alloc(0),
    });
    if (opened.status !== 202) throw new Error(`POST answered ${opened.status}`);
    return String(opened.headers.location);
  }

  async #finish(location: string, whole: Buffer, body: Buffer = Buffer.alloc(0)): Promise<number> {
    const url = `${location}&digest=${digestOf(whole)}`;
    return (await new RegistryClient(this.#origin).send('PUT', url, { body })).status;
  }

  async #pushInChunks(bytes: Buffer): Promise<number> {
    let location = await this.#open();
    for (let start = 0; start < bytes.length; start += 20_000) {
      const body = bytes.subarray(start, start + 20_000);
      const sent = await new RegistryClient(this.#origin).send('PATCH', location, { body });
      if (sent.status !== 202) throw new Error(`PATCH answered ${sent.status}`);
      location = String(sent.headers.location);
    }
    return this.#finish(location, bytes);
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function manifestOf(config: Buffer, layers: readonly Buffer[], seed: string): Buffer {
  const descriptor = (mediaType: string) => (bytes: Buffer) => ({
    mediaType,
    digest: digestOf(bytes),
    size: bytes.length,
  });
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: descriptor('application/vnd.oci.image.config.v1+json')(config),
      layers: layers.map(descriptor('application/vnd.oci.image.layer.v1.tar')),
      annotations: { seed },
    }),
  );
}
