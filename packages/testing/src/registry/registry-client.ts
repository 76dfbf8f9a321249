import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Artifact, Content, Descriptor } from '../image/content.ts';
import { MEDIA_TYPE } from '../image/media-type.ts';
import { Authorization, type Credentials } from './authorization.ts';
import { type HttpResponse, type RequestOptions, sendRequest } from './http-request.ts';

/** A body that can be sent again after a challenge. */
export type Repeatable = Buffer | (() => { readonly stream: Readable; readonly size?: number });

export interface PulledManifest {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly digest: string;
}

const MANIFEST_TYPES = [
  MEDIA_TYPE.ociManifest,
  MEDIA_TYPE.ociIndex,
  MEDIA_TYPE.dockerManifest,
  MEDIA_TYPE.dockerList,
].join(', ');

/** A small registry client for tests: pushes and pulls whole artifacts and checks every digest on the way. */
export class RegistryClient {
  readonly #origin: URL;
  readonly #ca: string | undefined;
  readonly #authorization: Authorization;

  /**
   * @param origin `http://host:port` or `https://host:port` of the registry.
   * @param ca a certificate authority to trust, in PEM.
   */
  constructor(origin: string, credentials?: Credentials, ca?: string) {
    this.#origin = new URL(origin);
    this.#ca = ca;
    this.#authorization = new Authorization(credentials, ca);
  }

  /** One request, repeated once with authorization when it is challenged. Never follows redirects. */
  async send(
    method: string,
    path: string,
    options: Omit<RequestOptions, 'body'> & { readonly body?: Repeatable } = {},
  ): Promise<HttpResponse> {
    const url = new URL(path, this.#origin);
    const access = accessOf(method, url.pathname);
    const once = () => {
      const authorization = this.#authorization.headerFor(access);
      const headers = { ...options.headers, ...(authorization ? { authorization } : {}) };
      const body = typeof options.body === 'function' ? options.body() : options.body;
      return sendRequest(method, url, { ...options, ca: this.#ca, headers, body });
    };
    const first = await once();
    if (first.status !== 401) return first;
    const answered = await this.#authorization.answer(access, first.headers['www-authenticate']);
    return answered ? once() : first;
  }

  /** Pushes blobs that are missing, then all manifests by digest and the root also by tag. Returns the root's digest. */
  async push(repository: string, artifact: Artifact, ...tags: readonly string[]): Promise<string> {
    for (const blob of artifact.blobs) await this.pushBlob(repository, blob.descriptor, blob.bytes);
    for (const manifest of artifact.manifests) await this.putManifest(repository, manifest);
    const own = artifact.tag === undefined ? [] : [artifact.tag];
    for (const tag of [...tags, ...own]) await this.putManifest(repository, artifact.root, tag);
    return artifact.root.descriptor.digest;
  }

  /** HEAD, then POST, streaming PATCH and PUT as docker does. */
  async pushBlob(repository: string, descriptor: Descriptor, body: Repeatable): Promise<void> {
    const present = await this.send('HEAD', `/v2/${repository}/blobs/${descriptor.digest}`);
    if (present.status === 200) return;
    const opened = await this.send('POST', `/v2/${repository}/blobs/uploads/`, { body: Buffer.alloc(0) });
    expectStatus(opened, 202, 'POST upload');
    const sent = await this.send('PATCH', locationOf(opened), { body });
    expectStatus(sent, 202, 'PATCH upload');
    const commit = new URL(locationOf(sent), this.#origin);
    commit.searchParams.set('digest', descriptor.digest);
    const stored = await this.send('PUT', commit.href, { body: Buffer.alloc(0) });
    expectStatus(stored, 201, 'PUT upload');
  }

  /** Puts a manifest by its digest, or by the tag given. */
  async putManifest(
    repository: string,
    manifest: Content,
    reference = manifest.descriptor.digest,
  ): Promise<HttpResponse> {
    const headers = { 'content-type': manifest.descriptor.mediaType };
    const response = await this.send('PUT', `/v2/${repository}/manifests/${reference}`, {
      headers,
      body: manifest.bytes,
    });
    expectStatus(response, 201, `PUT manifest ${reference}`);
    return response;
  }

  /** Gets a manifest; throws when the bytes do not have the digest that was asked for or announced. */
  async manifest(repository: string, reference: string): Promise<PulledManifest> {
    const headers = { accept: MANIFEST_TYPES };
    const response = await this.send('GET', `/v2/${repository}/manifests/${reference}`, { headers });
    expectStatus(response, 200, `GET manifest ${reference}`);
    const announced = String(response.headers['docker-content-digest']);
    const wanted = reference.includes(':') ? reference : announced;
    const digest = digestOf(response.body, wanted);
    if (digest !== wanted || announced !== wanted)
      throw new Error(`manifest ${reference} came as ${digest}, said ${announced}`);
    return { bytes: response.body, mediaType: String(response.headers['content-type']), digest };
  }

  /** Reads a blob without keeping it; throws on a wrong digest or length. */
  async verifyBlob(repository: string, descriptor: Descriptor): Promise<void> {
    const [algorithm] = descriptor.digest.split(':') as [string];
    const hash = createHash(algorithm);
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      hash.update(chunk);
    };
    const response = await this.send('GET', `/v2/${repository}/blobs/${descriptor.digest}`, { onData });
    expectStatus(response, 200, `GET blob ${descriptor.digest}`);
    const digest = `${algorithm}:${hash.digest('hex')}`;
    if (digest !== descriptor.digest || size !== descriptor.size)
      throw new Error(`blob ${descriptor.digest} (${descriptor.size} bytes) came as ${digest} (${size} bytes)`);
  }

  /** Pulls the artifact back by a tag or digest and checks every manifest byte for byte and every blob by digest. */
  async verify(repository: string, artifact: Artifact, reference = artifact.root.descriptor.digest): Promise<void> {
    const root = await this.manifest(repository, reference);
    if (!root.bytes.equals(artifact.root.bytes)) throw new Error(`${repository}@${reference} is not what was pushed`);
    for (const { descriptor, bytes } of artifact.manifests) {
      const pulled = await this.manifest(repository, descriptor.digest);
      if (!pulled.bytes.equals(bytes)) throw new Error(`manifest ${descriptor.digest} changed`);
      if (pulled.mediaType !== descriptor.mediaType)
        throw new Error(`manifest ${descriptor.digest} came as ${pulled.mediaType}, was ${descriptor.mediaType}`);
    }
    for (const blob of artifact.blobs) await this.verifyBlob(repository, blob.descriptor);
  }

  /** All tags, in the order the registry lists them, over all pages. */
  async tags(repository: string): Promise<string[]> {
    const tags: string[] = [];
    let path: string | null = `/v2/${repository}/tags/list`;
    while (path !== null) {
      const response: HttpResponse = await this.send('GET', path);
      if (response.status === 404) return tags;
      expectStatus(response, 200, 'GET tags');
      tags.push(...(JSON.parse(response.body.toString()) as { tags: string[] }).tags);
      path = nextOf(response);
    }
    return tags;
  }

  /** The referrers of a digest, over all pages, of one artifact type if given. */
  async referrers(repository: string, digest: string, artifactType?: string): Promise<Descriptor[]> {
    const found: Descriptor[] = [];
    const filter = artifactType === undefined ? '' : `?artifactType=${encodeURIComponent(artifactType)}`;
    let path: string | null = `/v2/${repository}/referrers/${digest}${filter}`;
    while (path !== null) {
      const response: HttpResponse = await this.send('GET', path);
      expectStatus(response, 200, 'GET referrers');
      found.push(...(JSON.parse(response.body.toString()) as { manifests: Descriptor[] }).manifests);
      path = nextOf(response);
    }
    return found;
  }
}

function accessOf(method: string, path: string): string {
  const repository = /^\/v2\/(.+)\/(?:blobs|manifests|tags|referrers)\//.exec(path)?.[1] ?? '';
  const kind = method === 'GET' || method === 'HEAD' ? 'pull' : method === 'DELETE' ? 'delete' : 'push';
  return `${kind}:${repository}`;
}

function digestOf(bytes: Buffer, like: string): string {
  const [algorithm] = like.split(':') as [string];
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

function locationOf(response: HttpResponse): string {
  const { location } = response.headers;
  if (location === undefined) throw new Error(`answer ${response.status} has no Location`);
  return location;
}

function nextOf(response: HttpResponse): string | null {
  return /<([^>]+)>;\s*rel="?next"?/.exec(String(response.headers.link ?? ''))?.[1] ?? null;
}

function expectStatus(response: HttpResponse, status: number, what: string): void {
  if (response.status !== status)
    throw new Error(`${what} answered ${response.status}: ${response.body.toString().slice(0, 500)}`);
}
