import {
  type AuthMode,
  type BodyOf,
  type Configurations,
  SOURCE_KEYS,
  SOURCE_KINDS,
  type SourceKind,
  type updateConfigurations,
} from '@moorage/contracts';
import type { SourceChange } from '../identity-source/index.ts';

/** The kind of source each mode stands for; null for the local database. */
const KIND_OF_MODE: Readonly<Record<AuthMode, SourceKind | null>> = {
  db_auth: null,
  ldap_auth: 'ldap',
  http_auth: 'auth_proxy',
  oidc_auth: 'oidc',
};

/** All keys on the wire. */
export function configurationsAnswer(values: Readonly<Record<string, unknown>>): Configurations {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, { value, editable: true }]),
  ) as unknown as Configurations;
}

/**
 * What an update means for the first source of each kind. A new mode turns on the source it stands for and turns off the
 * one the former mode stood for; other sources stay as they are.
 */
export function sourceChanges(
  update: BodyOf<typeof updateConfigurations>,
  mode: { readonly before: AuthMode; readonly after: AuthMode },
): ReadonlyMap<SourceKind, SourceChange> {
  const given = Object.entries(update).filter(([, value]) => value !== undefined && value !== null);
  const changes = new Map<SourceKind, SourceChange>();
  for (const kind of SOURCE_KINDS) {
    const fields = Object.fromEntries(
      given.flatMap(([key, value]) => {
        const source = SOURCE_KEYS.get(key);
        return source?.kind === kind ? [[source.field, value] as const] : [];
      }),
    );
    const name = kind === 'oidc' ? (update.oidc_name ?? undefined) : undefined;
    const enabled = enabledBy(kind, mode);
    if (name === undefined && enabled === undefined && Object.keys(fields).length === 0) continue;
    changes.set(kind, { name, enabled, fields });
  }
  return changes;
}

function enabledBy(kind: SourceKind, mode: { before: AuthMode; after: AuthMode }): boolean | undefined {
  if (mode.before === mode.after) return undefined;
  if (KIND_OF_MODE[mode.after] === kind) return true;
  return KIND_OF_MODE[mode.before] === kind ? false : undefined;
}
