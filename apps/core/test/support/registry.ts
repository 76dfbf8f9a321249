import { createHash } from 'node:crypto';
import { basic, type TestCore } from './test-core.ts';

/** A name and password, or nobody. */
export type Credentials = { readonly name: string; readonly password: string } | undefined;

/** Digest of bytes, as /v2 writes it. */
export function sha256(bytes: string | Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export interface IssuedToken {
  readonly status: number;
  readonly token: string;
  readonly access: readonly { type: string; name: string; actions: string[] }[];
}

/** Asks the token service as a client does; `scopes` become repeated parameters. */
export async function fetchToken(
  core: TestCore,
  credentials: Credentials,
  scopes: readonly string[],
  service = 'harbor-registry',
): Promise<IssuedToken> {
  const query = new URLSearchParams([
    ['service', service],
    ...scopes.map((scope): [string, string] => ['scope', scope]),
  ]);
  const response = await fetch(`${core.url}/service/token?${query.toString()}`, {
    headers: authorization(credentials),
  });
  const body = (await response.json()) as { token?: string };
  const token = body.token ?? '';
  return { status: response.status, token, access: token === '' ? [] : claimsOf(token).access };
}

/** The claims of a token, unverified. */
export function claimsOf(
  token: string,
): { access: { type: string; name: string; actions: string[] }[] } & Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

/** A /v2 request with a bearer token. */
export function withToken(
  core: TestCore,
  token: string,
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(core.url + path, {
    ...init,
    method,
    headers: { ...(init.headers as object), authorization: `Bearer ${token}` },
  });
}

export function authorization(credentials: Credentials): Record<string, string> {
  return credentials ? { authorization: basic(credentials.name, credentials.password) } : {};
}

/** Pushes one blob in a single request. Returns its digest. */
export async function pushBlob(
  core: TestCore,
  credentials: Credentials,
  repository: string,
  content: string,
): Promise<string> {
  const digest = sha256(content);
  const response = await fetch(`${core.url}/v2/${repository}/blobs/uploads/?digest=${digest}`, {
    method: 'POST',
    headers: { ...authorization(credentials), 'content-type': 'application/octet-stream' },
    body: content,
  });
  if (response.status !== 201) throw new Error(`blob not pushed: ${response.status} ${await response.text()}`);
  return digest;
}

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Pushes a small image made of one config and one layer. Returns the manifest's digest and the layer's. */
export async function pushImage(
  core: TestCore,
  credentials: Credentials,
  repository: string,
  tag: string,
  layerText = `layer of ${tag}`,
): Promise<{ digest: string; layer: string; config: string }> {
  const configText = JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } });
  const config = await pushBlob(core, credentials, repository, configText);
  const layer = await pushBlob(core, credentials, repository, layerText);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config, size: configText.length },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: layer, size: layerText.length }],
  });
  const response = await putManifest(core, credentials, repository, tag, manifest);
  if (response.status !== 201) throw new Error(`manifest not pushed: ${response.status} ${await response.text()}`);
  return { digest: sha256(manifest), layer, config };
}

export function putManifest(
  core: TestCore,
  credentials: Credentials,
  repository: string,
  reference: string,
  manifest: string,
  type = OCI_MANIFEST,
): Promise<Response> {
  return fetch(`${core.url}/v2/${repository}/manifests/${reference}`, {
    method: 'PUT',
    headers: { ...authorization(credentials), 'content-type': type },
    body: manifest,
  });
}
