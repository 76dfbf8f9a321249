import type { Hooks } from './ports/index.ts';

/** Hooks of a registry without accounts: everybody may do everything, all names belong to one namespace. */
export function anonymousHooks(others: Omit<Hooks, 'authorize'> = {}): Hooks {
  return {
    ...others,
    authorize: (_message, _request, access) => {
      const caller = { id: 'anonymous' };
      if (access.kind === 'catalog') return { allowed: true, caller, catalog: 'all' };
      if (access.kind === 'ping') return { allowed: true, caller };
      const { name, mountFrom } = access;
      return {
        allowed: true,
        caller,
        repository: { name, namespaceId: 0 },
        ...(mountFrom ? { mountFrom: { name: mountFrom, namespaceId: 0 } } : {}),
      };
    },
  };
}
