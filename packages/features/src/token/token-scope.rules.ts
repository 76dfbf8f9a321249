import { AppError, checkRepositoryName, type ProjectPermission } from '@moorage/contracts';

export const REPOSITORY_ACTIONS = ['delete', 'pull', 'push'] as const;
export type RepositoryAction = (typeof REPOSITORY_ACTIONS)[number];

/** The permission behind each action of a repository scope. */
export const ACTION_PERMISSIONS: Readonly<Record<RepositoryAction, ProjectPermission>> = {
  pull: 'repository:pull',
  push: 'repository:push',
  delete: 'artifact:delete',
};

/** What a client asks for. `name` is a repository with its project. */
export type AskedScope =
  | { readonly type: 'repository'; readonly name: string; readonly actions: readonly RepositoryAction[] }
  | { readonly type: 'registry'; readonly name: 'catalog' };

/** More entries make no honest request, but a long token (S17). */
const MAX_SCOPES = 50;
const MAX_TEXT = 255 + 64;

/**
 * Reads the scope parameters of a token request (K4, K8): several parameters, several scopes in one. What this registry
 * does not have (other types, unknown actions, impossible names) is left out. One entry a name, sorted. Throws
 * BAD_REQUEST above 50 scopes.
 */
export function parseScopes(texts: readonly string[]): AskedScope[] {
  const parts = texts.flatMap((text) => text.split(' ')).filter((part) => part !== '');
  if (parts.length > MAX_SCOPES) {
    throw new AppError('BAD_REQUEST', `scope: at most ${MAX_SCOPES} scopes; there are ${parts.length}.`);
  }
  const repositories = new Map<string, Set<RepositoryAction>>();
  let asksCatalog = false;
  for (const part of parts) {
    const scope = parseScope(part);
    if (scope?.type === 'registry') asksCatalog = true;
    if (scope?.type !== 'repository') continue;
    const actions = repositories.get(scope.name) ?? new Set();
    for (const action of scope.actions) actions.add(action);
    repositories.set(scope.name, actions);
  }
  const asked = [...repositories].sort(([left], [right]) => (left < right ? -1 : 1));
  return [
    ...(asksCatalog ? [{ type: 'registry', name: 'catalog' } as const] : []),
    ...asked.map(([name, actions]) => ({ type: 'repository', name, actions: [...actions].sort() }) as const),
  ];
}

/** Whether a token with these scopes could be good for more than reading. */
export function asksForChange(asked: readonly AskedScope[]): boolean {
  return asked.some((scope) => scope.type === 'repository' && scope.actions.some(isChange));
}

/** Whether an action of a repository changes anything. */
export function isChange(action: RepositoryAction): boolean {
  return action !== 'pull';
}

/** Whether everything that was asked for was granted. */
export function grantsAll(
  asked: readonly AskedScope[],
  granted: readonly { readonly type: string; readonly name: string; readonly actions: readonly string[] }[],
): boolean {
  return asked.every((scope) => {
    const entry = granted.find(({ type, name }) => type === scope.type && name === scope.name);
    const actions: readonly string[] = scope.type === 'repository' ? scope.actions : ['*'];
    return actions.every((action) => entry?.actions.includes(action));
  });
}

/** `type(class):name:actions`; the name may hold a colon, so it ends at the last one. */
function parseScope(text: string): AskedScope | null {
  const first = text.indexOf(':');
  const last = text.lastIndexOf(':');
  if (first <= 0 || last <= first || text.length > MAX_TEXT) return null;
  const type = text.slice(0, first).replace(/\([a-z]{1,32}\)$/, '');
  const name = text.slice(first + 1, last);
  const actions = text.slice(last + 1).split(',');
  if (type === 'registry') return name === 'catalog' && actions.includes('*') ? { type, name } : null;
  if (type !== 'repository' || !isScopeName(name)) return null;
  return {
    type,
    name,
    actions: REPOSITORY_ACTIONS.filter((action) => actions.includes(action) || actions.includes('*')),
  };
}

/** Tells whether a token can name this repository at all. */
export function isScopeName(name: string): boolean {
  return name.includes('/') && checkRepositoryName(name) === null;
}

/** The project a repository name begins with. */
export function projectNameOf(repository: string): string {
  return repository.slice(0, repository.indexOf('/'));
}
