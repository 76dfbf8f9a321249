import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { type Content, image, type Manifest, type ManifestExtras, randomContent } from './content.ts';
import { HttpExchange, type Reply } from './http-exchange.ts';
import type { ProtocolTarget } from './target.ts';

export interface RequestOptions {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array;
  readonly chunked?: boolean;
}

/** The registry under test as the suite uses it. */
export class RegistryUnderTest {
  readonly target: ProtocolTarget;
  readonly http: HttpExchange;

  constructor(target: ProtocolTarget) {
    this.target = target;
    this.http = new HttpExchange(target.baseUrl);
  }

  /** A repository name that was never used before. */
  freshName(label = 'repo'): string {
    return `${this.target.prefix ?? 'protocol/'}${label}-${randomBytes(6).toString('hex')}`;
  }

  /** A client for a repository that was never used before; it may also read `others`. */
  repository(label?: string, others: readonly string[] = []): RepositoryClient {
    return new RepositoryClient(this, this.freshName(label), others);
  }

  /** Sends a request with credentials for the named repositories. */
  async send(
    method: string,
    path: string,
    options: RequestOptions = {},
    repositories: readonly string[] = [],
  ): Promise<Reply> {
    const authorization = await this.target.authorization?.({ repositories });
    const headers = { ...(authorization ? { authorization } : {}), ...options.headers };
    return this.http.send({ method, path, ...options, headers });
  }

  async close(): Promise<void> {
    this.http.close();
    await this.target.stop();
  }
}

/** One repository, with the requests clients make of it. */
export class RepositoryClient {
  readonly registry: RegistryUnderTest;
  readonly name: string;
  readonly #names: readonly string[];

  constructor(registry: RegistryUnderTest, name: string, others: readonly string[] = []) {
    this.registry = registry;
    this.name = name;
    this.#names = [name, ...others];
  }

  /** Sends a request below /v2/NAME/, or to an absolute path such as a Location. */
  send(method: string, path: string, options?: RequestOptions): Promise<Reply> {
    const full = path.startsWith('/') ? path : `/v2/${this.name}/${path}`;
    return this.registry.send(method, full, options, this.#names);
  }

  async get(path: string, headers?: OutgoingHttpHeaders): Promise<Reply> {
    return this.send('GET', path, { headers });
  }

  async head(path: string, headers?: OutgoingHttpHeaders): Promise<Reply> {
    return this.send('HEAD', path, { headers });
  }

  /** Opens an upload and returns its Location as a path. */
  async startUpload(query = ''): Promise<string> {
    return this.locationOf(
      await this.send('POST', `blobs/uploads/${query}`, { headers: { 'content-length': 0 } }),
      202,
    );
  }

  /** The Location of an answer as a path; fails on another status than the expected one. */
  locationOf(reply: Reply, status: number): string {
    if (reply.status !== status) throw new Error(`expected ${status}, got ${reply.status}: ${reply.body.toString()}`);
    return this.registry.http.pathOf(reply.headers.location);
  }

  /** PATCH of one chunk with its Content-Range; returns the answer. */
  patch(location: string, body: Uint8Array, offset?: number, chunked = false): Promise<Reply> {
    const range = offset === undefined ? {} : { 'content-range': `${offset}-${offset + body.length - 1}` };
    return this.send('PATCH', location, {
      headers: { 'content-type': 'application/octet-stream', ...range },
      body,
      chunked,
    });
  }

  /** PUT that finishes an upload, with or without a last chunk. */
  finish(
    location: string,
    digest: string,
    body: Uint8Array = Buffer.alloc(0),
    headers?: OutgoingHttpHeaders,
  ): Promise<Reply> {
    return this.send('PUT', withParameter(location, 'digest', digest), { headers, body });
  }

  /** Uploads content by POST and PUT, as containerd and oras do. */
  async pushBlob(blob: Content = randomContent()): Promise<Content> {
    this.locationOf(await this.finish(await this.startUpload(), blob.digest, blob.bytes), 201);
    return blob;
  }

  putManifest(reference: string, manifest: Manifest, options: RequestOptions = {}): Promise<Reply> {
    return this.send('PUT', `manifests/${reference}`, {
      body: manifest.bytes,
      ...options,
      headers: { 'content-type': manifest.mediaType, ...options.headers },
    });
  }

  /** Pushes a manifest and fails unless it was stored. */
  async pushManifest(manifest: Manifest, reference: string = manifest.digest): Promise<Manifest> {
    this.locationOf(await this.putManifest(reference, manifest), 201);
    return manifest;
  }

  /** Pushes a small image with its own config and layer. */
  async pushImage(reference?: string, extras?: ManifestExtras): Promise<Manifest> {
    const [config, layer] = [await this.pushBlob(randomContent(300)), await this.pushBlob(randomContent(700))];
    return this.pushManifest(image(config, [layer], extras), reference);
  }
}

/** Adds a parameter to whatever query a Location already has, as clients must. */
export function withParameter(location: string, name: string, value: string): string {
  return `${location}${location.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
}
