import { SERVICES } from './token-claims.rules.ts';
import type { RepositoryAction } from './token-scope.rules.ts';

/** What a request to /v2 needs. */
export type RegistryNeed =
  | { readonly kind: 'ping' }
  | { readonly kind: 'catalog' }
  | {
      readonly kind: 'repository';
      /** With its project. */
      readonly name: string;
      readonly action: RepositoryAction;
      readonly mountFrom?: string | undefined;
    };

export type ChallengeError = 'invalid_token' | 'insufficient_scope';

/** The WWW-Authenticate value that tells a client where to get which token (K1, K9). `origin` is ours, as the client sees it. */
export function bearerChallenge(origin: string, need: RegistryNeed, error?: ChallengeError): string {
  const scope = scopeOf(need);
  return [
    `Bearer realm="${origin}/service/token"`,
    `service="${SERVICES[0]}"`,
    ...(scope === '' ? [] : [`scope="${scope}"`]),
    ...(error === undefined ? [] : [`error="${error}"`]),
  ].join(',');
}

function scopeOf(need: RegistryNeed): string {
  if (need.kind === 'ping') return '';
  if (need.kind === 'catalog') return 'registry:catalog:*';
  const actions = need.action === 'push' ? 'pull,push' : need.action;
  const source = need.mountFrom === undefined ? '' : ` repository:${need.mountFrom}:pull`;
  return `repository:${need.name}:${actions}${source}`;
}
