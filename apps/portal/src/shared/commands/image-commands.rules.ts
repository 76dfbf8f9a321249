import type { CommandVariant } from '@moorage/ui';

/** Clients a command is written for. */
export const CLIENTS = ['docker', 'podman', 'nerdctl', 'skopeo', 'crane', 'oras', 'helm', 'kubernetes'] as const;
export type Client = (typeof CLIENTS)[number];

/** Names of the clients, which are the same in every language. */
const CLIENT_NAMES: Readonly<Record<Client, string>> = {
  docker: 'Docker',
  podman: 'Podman',
  nerdctl: 'nerdctl',
  skopeo: 'Skopeo',
  crane: 'crane',
  oras: 'ORAS',
  helm: 'Helm',
  kubernetes: 'Kubernetes',
};

/** The registry as clients reach it. */
export interface RegistryPlace {
  /** Host and port. */
  readonly host: string;
  /** Plain HTTP: most clients must be told, or they insist on TLS. */
  readonly insecure: boolean;
}

export interface ImageTarget {
  /** Full name, project first. */
  readonly repository: string;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

/** `repository:tag`, `repository@digest` or both, as far as they are known. */
export function referenceOf(place: RegistryPlace, target: ImageTarget): string {
  const tag = target.tag ? `:${target.tag}` : '';
  const digest = target.digest ? `@${target.digest}` : '';
  return `${place.host}/${target.repository}${tag}${digest}`;
}

/** The clients that can pull an artifact of a type (ART-3). */
function clientsFor(type: string): readonly Client[] {
  if (type === 'IMAGE') return ['docker', 'podman', 'nerdctl', 'skopeo', 'crane', 'kubernetes'];
  if (type === 'CHART') return ['helm', 'oras', 'skopeo', 'crane'];
  return ['oras', 'skopeo', 'crane'];
}

/** Commands that pull `target`, one per client that can. */
export function pullCommands(place: RegistryPlace, target: ImageTarget, type: string): CommandVariant[] {
  return clientsFor(type).map((client) => ({
    id: client,
    label: CLIENT_NAMES[client],
    code: pullCommand(client, place, target),
  }));
}

function pullCommand(client: Client, place: RegistryPlace, target: ImageTarget): string {
  const reference = referenceOf(place, target);
  // Skopeo and crane refuse a reference that has both tag and digest.
  const single = target.digest ? referenceOf(place, { ...target, tag: undefined }) : reference;
  const name = lastSegment(target.repository);
  const insecure = place.insecure;
  switch (client) {
    case 'docker':
      return `docker pull ${reference}`;
    case 'podman':
      return `podman pull ${flag(insecure, '--tls-verify=false ')}${reference}`;
    case 'nerdctl':
      return `nerdctl ${flag(insecure, '--insecure-registry ')}pull ${reference}`;
    case 'skopeo':
      return `skopeo copy ${flag(insecure, '--src-tls-verify=false ')}--all docker://${single} oci:./${name}:${target.tag ?? 'latest'}`;
    case 'crane':
      return `crane pull ${flag(insecure, '--insecure ')}${single} ${name}.tar`;
    case 'oras':
      return `oras pull ${flag(insecure, '--plain-http ')}${single}`;
    case 'helm':
      return `helm pull ${flag(insecure, '--plain-http ')}oci://${place.host}/${target.repository}${target.tag ? ` --version ${target.tag}` : `@${target.digest}`}`;
    case 'kubernetes':
      return podManifest(name, reference);
  }
}

/** Commands that sign a person in, one per client. Without a secret the client asks for it itself. */
export function loginCommands(place: RegistryPlace, username: string, secret?: string): CommandVariant[] {
  const { host, insecure } = place;
  const user = shellQuote(username) + (secret === undefined ? '' : ' --password-stdin');
  const before = secret === undefined ? '' : `printf '%s' ${shellQuote(secret)} | `;
  const lines: readonly (readonly [Client, string])[] = [
    ['docker', `docker login ${host} -u ${user}`],
    ['podman', `podman login ${flag(insecure, '--tls-verify=false ')}${host} -u ${user}`],
    ['nerdctl', `nerdctl ${flag(insecure, '--insecure-registry ')}login ${host} -u ${user}`],
    ['skopeo', `skopeo login ${flag(insecure, '--tls-verify=false ')}${host} -u ${user}`],
    ['oras', `oras login ${flag(insecure, '--plain-http ')}${host} -u ${user}`],
    ['helm', `helm registry login ${flag(insecure, '--plain-http ')}${host} -u ${user}`],
  ];
  return lines.map(([client, code]) => ({ id: client, label: CLIENT_NAMES[client], code: before + code }));
}

/** Commands that put a local image or file into a project, one per client. */
export function pushCommands(place: RegistryPlace, target: { repository: string; tag: string }): CommandVariant[] {
  const { insecure } = place;
  const reference = referenceOf(place, target);
  const local = `${lastSegment(target.repository)}:${target.tag}`;
  const chart = `${lastSegment(target.repository)}-${target.tag}.tgz`;
  const lines: readonly (readonly [Client, string])[] = [
    ['docker', `docker tag ${local} ${reference}\ndocker push ${reference}`],
    ['podman', `podman tag ${local} ${reference}\npodman push ${flag(insecure, '--tls-verify=false ')}${reference}`],
    [
      'nerdctl',
      `nerdctl tag ${local} ${reference}\nnerdctl ${flag(insecure, '--insecure-registry ')}push ${reference}`,
    ],
    ['skopeo', `skopeo copy ${flag(insecure, '--dest-tls-verify=false ')}docker-daemon:${local} docker://${reference}`],
    ['crane', `crane push ${flag(insecure, '--insecure ')}${lastSegment(target.repository)}.tar ${reference}`],
    ['oras', `oras push ${flag(insecure, '--plain-http ')}${reference} ./artifact.tar.gz`],
    ['helm', `helm push ${flag(insecure, '--plain-http ')}${chart} oci://${place.host}/${parentOf(target.repository)}`],
  ];
  return lines.map(([client, code]) => ({ id: client, label: CLIENT_NAMES[client], code }));
}

/** Text as one word of a POSIX shell: robot names hold a `$`. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function podManifest(name: string, reference: string): string {
  const label =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'app';
  return [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    `  name: ${label}`,
    'spec:',
    '  containers:',
    `    - name: ${label}`,
    `      image: ${reference}`,
    '  imagePullSecrets:',
    '    - name: moorage',
  ].join('\n');
}

const flag = (wanted: boolean, text: string) => (wanted ? text : '');
const lastSegment = (repository: string) => repository.slice(repository.lastIndexOf('/') + 1);
const parentOf = (repository: string) => repository.slice(0, Math.max(0, repository.lastIndexOf('/')));
