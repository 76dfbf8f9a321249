import {
  type IdentitySource,
  REQUIRED_FIELDS,
  SOURCE_PREFIXES,
  SOURCE_SECRETS,
  SOURCE_SETTINGS,
  type SettingsOfKind,
  type SourceKind,
} from '@moorage/contracts';

interface SourceFacts {
  readonly id: number;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Whether it is the oldest of its kind, which the keys of `/configurations` stand for. */
  readonly isFirst: boolean;
  /** Place on the sign-in page, lowest first. */
  readonly position: number;
}

/** A source as somebody signs in through it: settings and opened secrets. */
export type IdentitySourceOf<K extends SourceKind> = SourceFacts & {
  readonly kind: K;
  readonly settings: SettingsOfKind[K];
  readonly secrets: Readonly<Record<string, string>>;
};
export type AnySource = { [K in SourceKind]: IdentitySourceOf<K> }[SourceKind];

/** A source as it is shown: without secrets. */
export interface ShownSource extends SourceFacts {
  readonly kind: SourceKind;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly hasSecrets: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What a change gives; absent fields stay. */
export interface SourceChange {
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly position?: number | undefined;
  /** Settings and secrets as given; null and absent ones stay. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Settings and secrets after a change. */
export interface MergedFields {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Settings of a kind from stored or given values; what is missing or breaks today's rules has its default. */
export function settingsOfKind<K extends SourceKind>(
  kind: K,
  values: Readonly<Record<string, unknown>>,
): SettingsOfKind[K] {
  const entries = Object.entries(SOURCE_SETTINGS[kind].shape).map(([key, field]) => {
    const result = field.safeParse(values[key]);
    return [key, result.success ? result.data : field.parse(undefined)];
  });
  return Object.fromEntries(entries) as SettingsOfKind[K];
}

/** Applies given fields to present ones. */
export function mergeFields(
  kind: SourceKind,
  present: MergedFields,
  given: Readonly<Record<string, unknown>>,
): MergedFields {
  const set = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  const secretNames = secretsOf(kind);
  return {
    settings: {
      ...settingsOfKind(kind, present.settings),
      ...Object.fromEntries(set.filter(([key]) => !secretNames.includes(key))),
    },
    secrets: {
      ...present.secrets,
      ...(Object.fromEntries(set.filter(([key, value]) => secretNames.includes(key) && value !== '')) as Record<
        string,
        string
      >),
    },
  };
}

/** Names of the settings of a kind that are never shown. */
export function secretsOf(kind: SourceKind): readonly string[] {
  return Object.keys(SOURCE_SECRETS[kind]);
}

/** What must be filled in before the source can be used, as keys of its settings. */
export function missingFields(kind: SourceKind, settings: Readonly<Record<string, unknown>>): readonly string[] {
  return REQUIRED_FIELDS[kind].filter((field) => settings[field] === '' || settings[field] === undefined);
}

/**
 * The secret that must be given again: a stored one is sent to no other address than the one it was given for (S96).
 * Null when nothing is amiss.
 */
export function secretToGiveAgain(
  kind: SourceKind,
  present: MergedFields,
  merged: MergedFields,
  given: Readonly<Record<string, unknown>>,
): string | null {
  if (secretAddress(kind, present.settings) === secretAddress(kind, merged.settings)) return null;
  return secretsOf(kind).find((name) => present.secrets[name] !== undefined && !given[name]) ?? null;
}

function secretAddress(kind: SourceKind, settings: Readonly<Record<string, unknown>>): string {
  const value = settings[kind === 'ldap' ? 'url' : 'endpoint'];
  const address = typeof value === 'string' ? value : '';
  return kind !== 'ldap' && URL.canParse(address) ? new URL(address).origin : address.toLowerCase();
}

/** A source on the wire. */
export function sourceAnswer(source: ShownSource): IdentitySource {
  const settings = settingsOfKind(source.kind, source.settings);
  const [secret] = secretsOf(source.kind);
  return {
    id: source.id,
    kind: source.kind,
    name: source.name,
    enabled: source.isEnabled,
    position: source.position,
    is_first: source.isFirst,
    [source.kind]: secret === undefined ? settings : { ...settings, [`${secret}_set`]: source.hasSecrets },
    creation_time: source.createdAt,
    update_time: source.updatedAt,
  };
}

/** What audit rows show of a source: settings, never secrets. */
export function auditedSource(source: Pick<ShownSource, 'name' | 'isEnabled' | 'position' | 'settings'>): object {
  const { name, isEnabled: enabled, position, settings } = source;
  return { name, enabled, position, ...settings };
}

/** The keys of `/configurations` of the first source of a kind, with defaults when there is none. Maps are JSON text. */
export function sourceConfiguration(
  kind: SourceKind,
  source: ShownSource | null,
): Readonly<Record<string, string | number | boolean>> {
  const prefix = SOURCE_PREFIXES[kind];
  const entries = Object.entries(settingsOfKind(kind, source?.settings ?? {})).map(([field, value]) => [
    `${prefix}_${field}`,
    typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean),
  ]);
  return Object.fromEntries(kind === 'oidc' ? [['oidc_name', source?.name ?? ''], ...entries] : entries) as Record<
    string,
    string | number | boolean
  >;
}
