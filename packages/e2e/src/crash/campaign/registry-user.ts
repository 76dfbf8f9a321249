import { type Artifact, type Content, type HttpResponse, RegistryClient, sendRequest } from '@moorage/testing';
import type { Answer, Ledger, Outcome, TagChanges } from '../ledger/ledger.ts';

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Something the registry must never do; noted with what shows it. */
export interface Violation {
  /** V1 to V8 of the harness's list. */
  readonly check: string;
  readonly text: string;
}

/** A client that writes down what it was promised, and what it was told that cannot be true. */
export class RegistryUser {
  readonly ledger: Ledger;
  readonly #client: RegistryClient;
  readonly #origin: string;
  readonly #basic: string;
  readonly #note: (violation: Violation) => void;

  constructor(origin: string, credentials: Credentials, ledger: Ledger, note: (violation: Violation) => void) {
    this.ledger = ledger;
    this.#origin = origin;
    this.#client = new RegistryClient(origin, credentials);
    this.#basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    this.#note = note;
  }

  note(check: string, text: string): void {
    this.#note({ check, text: `at ${Math.round(this.ledger.now())} ms: ${text}` });
  }

  /** Blobs, parts, the artifact itself by digest, then by each tag. False as soon as a step was not acknowledged. */
  async push(repository: string, artifact: Artifact, ...tags: readonly string[]): Promise<boolean> {
    this.ledger.know(artifact);
    for (const blob of artifact.blobs) if (!(await this.#pushBlob(repository, blob))) return false;
    for (const manifest of artifact.manifests)
      if (!(await this.#put(repository, manifest, manifest.descriptor.digest, {}))) return false;
    this.ledger.hold(repository, artifact);
    const own = artifact.tag === undefined ? [] : [artifact.tag];
    for (const tag of [...tags, ...own]) if (!(await this.tag(repository, artifact, tag))) return false;
    return true;
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

  /** A bare call of the API; rejects when the connection breaks. */
  api(method: string, path: string, body?: unknown): Promise<HttpResponse> {
    return sendRequest(method, new URL(`/api/v2.0${path}`, this.#origin), {
      headers: { authorization: `Basic ${this.#basic}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** The digest a tag names; null when there is none; undefined when nobody answered. */
  async resolve(repository: string, tag: string): Promise<string | null | undefined> {
    const answer = await this.#client.send('HEAD', `/v2/${repository}/manifests/${tag}`).catch(() => undefined);
    if (answer?.status === 200) return String(answer.headers['docker-content-digest']);
    return answer?.status === 404 ? null : undefined;
  }

  /** Reads the whole artifact back; the text says what is wrong, null that nothing is. Rejects when nobody answers. */
  async inspect(repository: string, artifact: Artifact): Promise<string | null> {
    for (const { descriptor, bytes } of artifact.manifests) {
      const read = await this.#read(`/v2/${repository}/manifests/${descriptor.digest}`);
      if (read.status !== 200) return `manifest ${descriptor.digest} answers ${read.status}`;
      if (!read.body.equals(bytes)) return `manifest ${descriptor.digest} has other bytes`;
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

  #read(path: string): Promise<HttpResponse> {
    return this.#client.send('GET', path, { headers: { accept: '*/*' } });
  }

  async #pushBlob(repository: string, blob: Content): Promise<boolean> {
    const answer = await this.#attempt('blob', {}, async () => {
      await this.#client.pushBlob(repository, blob.descriptor, blob.bytes);
      return 201;
    });
    if (answer.outcome === 'ok') this.ledger.holdBlob(repository, blob.descriptor);
    return answer.outcome === 'ok';
  }

  async #put(repository: string, manifest: Content, reference: string, changes: TagChanges): Promise<boolean> {
    const headers = { 'content-type': manifest.descriptor.mediaType };
    const path = `/v2/${repository}/manifests/${reference}`;
    let text = '';
    const answer = await this.#step(reference.includes(':') ? 'manifest' : 'tag', changes, async () => {
      const response = await this.#client.send('PUT', path, { headers, body: manifest.bytes });
      text = response.body.toString();
      return response;
    });
    // All parts were acknowledged a moment ago, so they are within the grace time.
    if (answer.outcome === 'refused' && /MANIFEST_BLOB_UNKNOWN|BLOB_UNKNOWN|MANIFEST_UNKNOWN/.test(text))
      this.note('V2', `${path} was refused: ${text.slice(0, 300)}`);
    return answer.outcome === 'ok';
  }

  #step(kind: string, changes: TagChanges, send: () => Promise<HttpResponse>): Promise<Answer> {
    return this.#attempt(kind, changes, async () => (await send()).status);
  }

  #attempt(kind: string, changes: TagChanges, send: () => Promise<number>): Promise<Answer> {
    return this.ledger.perform(kind, changes, async () => {
      const status = await send().catch((error: Error) => Number(/(\d{3})/.exec(error.message)?.[1] ?? 0));
      return { status, outcome: outcomeOf(status) };
    });
  }
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'ok';
  return status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 429 ? 'refused' : 'unknown';
}
