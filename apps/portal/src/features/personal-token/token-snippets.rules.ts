import type { CommandVariant } from '@moorage/ui';
import { type RegistryPlace, shellQuote } from '../../shared/commands/image-commands.rules.ts';

/** Ways to use a personal token, each complete when pasted: a client's sign-in, and a call of the API. */
export function tokenSnippets(input: {
  readonly place: RegistryPlace;
  /** Where the API is, without a path. */
  readonly origin: string;
  readonly username: string;
  readonly token: string;
}): CommandVariant[] {
  const { host, insecure } = input.place;
  const pipe = `printf '%s' ${shellQuote(input.token)} |`;
  const user = `-u ${shellQuote(input.username)} --password-stdin`;
  const plain = insecure ? '--tls-verify=false ' : '';
  return [
    { id: 'docker', label: 'Docker', code: `${pipe} docker login ${host} ${user}` },
    { id: 'podman', label: 'Podman', code: `${pipe} podman login ${plain}${host} ${user}` },
    { id: 'skopeo', label: 'Skopeo', code: `${pipe} skopeo login ${plain}${host} ${user}` },
    { id: 'oras', label: 'ORAS', code: `${pipe} oras login ${insecure ? '--plain-http ' : ''}${host} ${user}` },
    {
      id: 'helm',
      label: 'Helm',
      code: `${pipe} helm registry login ${insecure ? '--plain-http ' : ''}${host} ${user}`,
    },
    {
      id: 'api',
      label: 'API',
      code: `curl -H ${shellQuote(`Authorization: Bearer ${input.token}`)} ${shellQuote(`${input.origin}/api/v2.0/users/current`)}`,
    },
  ];
}
