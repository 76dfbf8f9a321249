import { setTimeout as sleep } from 'node:timers/promises';
import { type Artifact, type Content, type HttpResponse, RegistryClient, sendRequest } from '@moorage/testing';
import type { Answer, Ledger, Outcome, TagChanges } from '../ledger/ledger.ts';

/** Something the registry must never do; noted with what shows it. */
export interface Violation {
  /** V1 to V8 of the harness's list. */
  readonly check: string;
  readonly text: string;
}

const BACKOFF_MS = 150;
const LONGEST_PAUSE_MS = 4_000;

export interface UserOptions {
  readonly origin: string;
  readonly credentials: { readonly username: string; readonly password: string };
  readonly ledger: Ledger;
  /** The registry's grace time. */
  readonly graceSeconds: number;
  readonly note: (violation: Violation) => void;
  /** Whether the account may do little at this moment: a 401 is a refusal then, and no sign of a server that has just started. */
  readonly isStranger?: () => boolean;
}

/** A client that writes down what it was promised, and what it was told that cannot be true. */
export class RegistryUser {
  readonly ledger: Ledger;
  readonly #client: RegistryClient;
  readonly #origin: string;
  readonly #basic: string;
  readonly #graceMs: number;
  readonly #note: (violation: Violation) => void;
  readonly #isStranger: () => boolean;

  constructor({ origin, credentials, ledger, graceSeconds, note, isStranger = () => false }: UserOptions) {
    this.ledger = ledger;
    this.#isStranger = isStranger;
    this.#origin = origin;
    this.#client = new RegistryClient(origin, credentials);
    this.#basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    this.#graceMs = graceSeconds * 1000;
    this.#note = note;
  }

  note(check: string, text: string): void {
    this.#note({ check, text: `at ${Math.round(this.ledger.now())} ms: ${text}` });
  }

  /**
   * Blobs, parts, the artifact itself by digest, then by each tag; with a pause before the manifests, in which the
   * registry may not take back what it promised. False as soon as a step was not acknowledged.
   */
  async push(repository: string, artifact: Artifact, tags: readonly string[], pauseMs = 0): Promise<boolean> {
    this.ledger.know(artifact);
    for (const blob of artifact.blobs) if (!(await this.pushBlob(repository, blob))) return false;
    if (pauseMs > 0) await sleep(pauseMs);
    for (const manifest of artifact.manifests)
      if (!(await this.#put(repository, manifest, manifest.descriptor.digest, {}))) return false;
    const own = artifact.tag === undefined ? [] : [artifact.tag];
    for (const tag of [...tags, ...own]) if (!(await this.tag(repository, artifact, tag))) return false;
    return true;
  }

  /** Mounts the blobs of an artifact from another repository and pushes its manifests there; false as {@link push}. */
  async carry(from: string, to: string, artifact: Artifact, tag: string, pauseMs: number): Promise<boolean> {
    for (const { descriptor } of artifact.blobs) {
      const since = this.ledger.now();
      const path = `/v2/${to}/blobs/uploads/?mount=${descriptor.digest}&from=${encodeURIComponent(from)}`;
      const answer = await this.#step('mount', {}, () => this.#client.send('POST', path, { body: Buffer.alloc(0) }));
      // 202: there was nothing to mount, as the source was deleted meanwhile; the upload it opened is left behind.
      if (answer.status !== 201) return false;
      this.ledger.promise(to, descriptor, since);
    }
    await sleep(pauseMs);
    for (const manifest of artifact.manifests)
      if (!(await this.#put(to, manifest, manifest.descriptor.digest, {}))) return false;
    return this.tag(to, artifact, tag);
  }

  /** Uploads a blob in two chunks with a pause between, which may end on another process than it began on. */
  async pushChunks(repository: string, { descriptor, bytes }: Content, pauseMs: number): Promise<boolean> {
    const since = this.ledger.now();
    const send = (method: string, path: string, body: Buffer, query = '') =>
      this.#client.send(method, `${path}${query === '' ? '' : `${path.includes('?') ? '&' : '?'}${query}`}`, { body });
    const answer = await this.#attempt('chunks', {}, async () => {
      const half = Math.floor(bytes.length / 2);
      const opened = await send('POST', `/v2/${repository}/blobs/uploads/`, Buffer.alloc(0));
      if (opened.status !== 202) return opened.status;
      const first = await send('PATCH', locationOf(opened), bytes.subarray(0, half));
      if (first.status !== 202) return first.status;
      await sleep(pauseMs);
      return (await send('PUT', locationOf(first), bytes.subarray(half), `digest=${descriptor.digest}`)).status;
    });
    if (answer.outcome === 'ok') this.ledger.promise(repository, descriptor, since);
    return answer.outcome === 'ok';
  }

  /** A moment within the time for which the registry promises what it just acknowledged. */
  pause(fraction: number): number {
    return fraction * Math.min(LONGEST_PAUSE_MS, 0.8 * this.#graceMs);
  }

  /** Whether everything was promised so recently that the registry must still have it, when it answers now. */
  isPromised(repository: string, digests: readonly string[]): boolean {
    const promised = this.ledger.promised().get(repository);
    return digests.every((digest) => this.ledger.now() - (promised?.get(digest)?.since ?? -Infinity) < this.#graceMs);
  }

  /** Puts the artifact's manifest under a tag; everything it needs was acknowledged before. */
  tag(repository: string, artifact: Artifact, tag: string): Promise<boolean> {
    const changes = { [`${repository}:${tag}`]: artifact.root.descriptor.digest };
    return this.#put(repository, artifact.root, tag, changes);
  }

  /** Takes a tag away, by the engine's DELETE. */
  async untag(repository: string, tag: string): Promise<Answer> {
    return this.#step('untag', { [`${repository}:${tag}`]: null }, () =>
      this.#client.send('DELETE', `/v2/${repository}/manifests/${tag}`),
    );
  }

  /** A call of the API whose success changes the tags named. */
  async call(kind: string, method: string, path: string, body?: unknown, changes: TagChanges = {}): Promise<Answer> {
    return this.#step(kind, changes, () => this.api(method, path, body));
  }

  /** As {@link call}, for what the answer tells; null unless it succeeded. */
  async make(kind: string, path: string, body: unknown): Promise<unknown> {
    let text = '';
    const answer = await this.#step(kind, {}, async () => {
      const response = await this.api('POST', path, body);
      text = response.body.toString();
      return response;
    });
    return answer.outcome === 'ok' ? JSON.parse(text) : null;
  }

  /** A bare call of the API; rejects when the connection breaks. */
  api(method: string, path: string, body?: unknown): Promise<HttpResponse> {
    return sendRequest(method, new URL(`/api/v2.0${path}`, this.#origin), {
      headers: { authorization: `Basic ${this.#basic}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** Names of all projects the account sees. */
  async projects(): Promise<string[]> {
    const { status, body } = await this.api('GET', '/projects?page_size=100');
    if (status !== 200) throw new Error(`the list of projects answers ${status}: ${body}`);
    return (JSON.parse(body.toString()) as { name: string }[]).map(({ name }) => name);
  }

  /** The digest a tag names; null when there is none; undefined when nobody answered. */
  async resolve(repository: string, tag: string): Promise<string | null | undefined> {
    const answer = await this.#client.send('HEAD', `/v2/${repository}/manifests/${tag}`).catch(() => undefined);
    if (answer?.status === 200) return String(answer.headers['docker-content-digest']);
    return answer?.status === 404 ? null : undefined;
  }

  /** Pulls a tag as a client does and compares bytes and media type; the text says what is wrong. Rejects when nobody answers. */
  async pullTag(repository: string, tag: string, { root }: Artifact): Promise<string | null> {
    return this.#inspectManifest(repository, root, tag);
  }

  /** Status of a GET of a manifest. */
  async manifestStatus(repository: string, reference: string): Promise<number> {
    return (await this.#read(`/v2/${repository}/manifests/${reference}`)).status;
  }

  /** Reads the whole artifact back; the text says what is wrong, null that nothing is. Rejects when nobody answers. */
  async inspect(repository: string, artifact: Artifact): Promise<string | null> {
    for (const manifest of artifact.manifests) {
      const wrong = await this.#inspectManifest(repository, manifest, manifest.descriptor.digest);
      if (wrong !== null) return wrong;
    }
    for (const { descriptor } of artifact.blobs) {
      const wrong = await this.#client.verifyBlob(repository, descriptor).then(
        () => null,
        (error: Error) => error.message,
      );
      if (wrong !== null) return wrong;
    }
    return null;
  }

  /** Status of a HEAD for a blob, and the length it announced. */
  async blob(repository: string, digest: string): Promise<{ readonly status: number; readonly size: number }> {
    const { status, headers } = await this.#client.send('HEAD', `/v2/${repository}/blobs/${digest}`);
    return { status, size: Number(headers['content-length']) };
  }

  async #inspectManifest(
    repository: string,
    { descriptor, bytes }: Content,
    reference: string,
  ): Promise<string | null> {
    const { status, body, headers } = await this.#read(`/v2/${repository}/manifests/${reference}`);
    if (status !== 200) return `manifest ${reference} answers ${status}`;
    if (!body.equals(bytes)) return `manifest ${reference} has other bytes`;
    const type = String(headers['content-type']);
    return type === descriptor.mediaType ? null : `manifest ${reference} is ${type}, was ${descriptor.mediaType}`;
  }

  #read(path: string): Promise<HttpResponse> {
    return this.#client.send('GET', path, { headers: { accept: '*/*' } });
  }

  /** Uploads a blob, unless the repository says that it has it. */
  async pushBlob(repository: string, blob: Content): Promise<boolean> {
    const since = this.ledger.now();
    const answer = await this.#attempt('blob', {}, async () => {
      await this.#client.pushBlob(repository, blob.descriptor, blob.bytes);
      return 201;
    });
    if (answer.outcome === 'ok') this.ledger.promise(repository, blob.descriptor, since);
    return answer.outcome === 'ok';
  }

  /** Whether the referrers of a digest name the signature; rejects when nobody answers. */
  async refers(repository: string, subject: string, signature: string): Promise<boolean> {
    const referrers = await this.#client.referrers(repository, subject);
    return referrers.some(({ digest }) => digest === signature);
  }

  async #put(repository: string, manifest: Content, reference: string, changes: TagChanges): Promise<boolean> {
    const headers = { 'content-type': manifest.descriptor.mediaType };
    const path = `/v2/${repository}/manifests/${reference}`;
    let text = '';
    const since = this.ledger.now();
    const answer = await this.#step(reference.includes(':') ? 'manifest' : 'tag', changes, async () => {
      const response = await this.#client.send('PUT', path, { headers, body: manifest.bytes });
      text = response.body.toString();
      return response;
    });
    if (answer.outcome === 'ok') this.ledger.promise(repository, manifest.descriptor, since);
    const isMissed = answer.outcome === 'refused' && /BLOB_UNKNOWN|MANIFEST_UNKNOWN/.test(text);
    if (isMissed && this.isPromised(repository, partsOf(manifest)))
      this.note('V2', `${path} was refused: ${text.slice(0, 300)}`);
    return answer.outcome === 'ok';
  }

  #step(kind: string, changes: TagChanges, send: () => Promise<HttpResponse>): Promise<Answer> {
    return this.#attempt(kind, changes, async () => (await send()).status);
  }

  #attempt(kind: string, changes: TagChanges, send: () => Promise<number>): Promise<Answer> {
    return this.ledger.perform(kind, changes, async () => {
      const status = await send().catch((error: Error) => Number(/(\d{3})/.exec(error.message)?.[1] ?? 0));
      const outcome = status === 401 && this.#isStranger() ? 'refused' : outcomeOf(status);
      // Servers that are gone for a moment start faster when nobody asks them a thousand times.
      if (outcome === 'unknown') await sleep(BACKOFF_MS);
      return { status, outcome };
    });
  }
}

function locationOf({ headers }: HttpResponse): string {
  return String(headers.location);
}

/** What a manifest refers to and cannot be stored without. */
function partsOf({ bytes }: Content): string[] {
  const body = JSON.parse(bytes.toString()) as Readonly<
    Record<'layers' | 'manifests', { digest: string }[] | undefined>
  > & {
    readonly config?: { digest: string };
  };
  const parts = [...(body.config ? [body.config] : []), ...(body.layers ?? []), ...(body.manifests ?? [])];
  return parts.map(({ digest }) => digest);
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'ok';
  return status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 429 ? 'refused' : 'unknown';
}
