import { GROUP_TYPES } from '@moorage/contracts';

export type GroupKind = keyof typeof GROUP_TYPES;

/** Kinds as pickers offer them: the ones made by hand first. */
export const GROUP_KINDS: readonly GroupKind[] = ['managed', 'oidc', 'ldap', 'authProxy'];

/** Where the members of a group of that type come from; null for an unknown type. */
export function kindOfGroup(type: number): GroupKind | null {
  return GROUP_KINDS.find((kind) => GROUP_TYPES[kind] === type) ?? null;
}
