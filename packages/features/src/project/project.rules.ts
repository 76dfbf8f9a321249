import {
  type AnswerOf,
  AppError,
  type BodyOf,
  type createProject,
  type getProject,
  METADATA_KEYS,
  type MetadataKey,
  type ProjectMetadata,
  ROLE_IDS,
  ROLES_BY_STRENGTH,
} from '@moorage/contracts';

/** The settings of a project as they are stored: `public` apart, because rights depend on it. */
export interface ProjectSettings {
  readonly isPublic: boolean;
  /** Only keys that were set; never `public`. */
  readonly metadata: ProjectMetadata;
  readonly cveAllowlist: CveAllowlist;
}

export interface CveAllowlist {
  readonly items: readonly { readonly cve_id: string }[];
  /** Seconds since 1970; absent for never. */
  readonly expires_at?: number;
}

type SettingsInput = Pick<BodyOf<typeof createProject>, 'public' | 'metadata' | 'cve_allowlist'>;

/** What an unset key means (PRJ-4). Keys of proxy caches and `retention_id` have no value until they are set. */
const DEFAULTS: ProjectMetadata = {
  enable_content_trust: 'false',
  enable_content_trust_cosign: 'false',
  prevent_vul: 'false',
  severity: 'low',
  auto_scan: 'false',
  auto_sbom_generation: 'false',
  reuse_sys_cve_allowlist: 'true',
};

const PROXY_KEYS: ReadonlySet<MetadataKey> = new Set([
  'proxy_speed_kb',
  'max_upstream_conn',
  'proxy_cache_local_on_not_found',
  'proxy_referrer_api',
  'proxy_cache_filter_pattern',
  'proxy_cache_filter_kind',
] as const);

export const INITIAL_SETTINGS: ProjectSettings = { isPublic: false, metadata: {}, cveAllowlist: { items: [] } };

/** Metadata as the wire shows it: every value as text, unset ones with their default. */
export function effectiveMetadata(settings: Pick<ProjectSettings, 'isPublic' | 'metadata'>): ProjectMetadata {
  return { ...DEFAULTS, ...settings.metadata, public: String(settings.isPublic) };
}

/**
 * Settings after a create or update body. Null and empty values leave a key as it is. Keys of proxy caches are dropped
 * as Harbor does, since its clients send them for every project. Throws BAD_REQUEST for a foreign `retention_id`.
 */
export function mergeSettings(current: ProjectSettings, input: SettingsInput): ProjectSettings {
  const metadata: ProjectMetadata = { ...current.metadata };
  const given = input.metadata ?? {};
  for (const key of METADATA_KEYS) {
    const value = given[key];
    if (value === undefined || value === null || value === '' || key === 'public' || PROXY_KEYS.has(key)) continue;
    if (key === 'retention_id') requireSameRetention(current.metadata.retention_id, value);
    else metadata[key] = value;
  }
  const allowlist = input.cve_allowlist;
  return {
    isPublic: given.public ? given.public === 'true' : (input.public ?? current.isPublic),
    metadata,
    cveAllowlist: allowlist
      ? {
          items: (allowlist.items ?? []).map(({ cve_id }) => ({ cve_id })),
          ...(typeof allowlist.expires_at === 'number' ? { expires_at: allowlist.expires_at } : {}),
        }
      : current.cveAllowlist,
  };
}

/** Settings after one metadata key was set. Throws BAD_REQUEST for keys only other parts of the product write. */
export function withMetadata(current: ProjectSettings, key: MetadataKey, value: string): ProjectSettings {
  refuseUnwritable(key);
  if (key === 'public') return { ...current, isPublic: value === 'true' };
  return { ...current, metadata: { ...current.metadata, [key]: value } };
}

/** Settings after one metadata key went back to its default. */
export function withoutMetadata(current: ProjectSettings, key: MetadataKey): ProjectSettings {
  refuseUnwritable(key);
  if (key === 'public') return { ...current, isPublic: INITIAL_SETTINGS.isPublic };
  const { [key]: _removed, ...metadata } = current.metadata;
  return { ...current, metadata };
}

/** Whether a key holds a value of its own; `public` always does. */
export function hasMetadata(settings: ProjectSettings, key: MetadataKey): boolean {
  return key === 'public' || settings.metadata[key] !== undefined;
}

/** The strongest of several roles by id, 0 for none (RBAC-2). */
function strongestRole(roleIds: readonly number[]): number {
  const strongest = ROLES_BY_STRENGTH.findLast((role) => roleIds.includes(ROLE_IDS[role]));
  return strongest === undefined ? 0 : ROLE_IDS[strongest];
}

/** Why a project cannot be deleted; null when it can (PRJ-3). */
export function deletionObstacle(name: string, repositories: number): string | null {
  if (repositories === 0) return null;
  const count = repositories === 1 ? 'one repository' : `${repositories} repositories`;
  return `Project ${name} holds ${count}; delete ${repositories === 1 ? 'it' : 'them'} first.`;
}

/** A project as it is read, with the facts about the one who reads it. */
export interface ProjectRow extends ProjectSettings {
  readonly id: number;
  readonly name: string;
  readonly ownerId: number;
  readonly ownerName: string;
  readonly registryId: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly roleIds: readonly number[];
  readonly repositoryCount: number;
  readonly lastPushedAt: Date | null;
  readonly usedBytes: number;
  readonly hardBytes: number;
}

/** A project on the wire. Usage and limit are only for those who may read the quota. */
export function projectView(
  row: ProjectRow,
  reader: { readonly mayUpdate: boolean; readonly mayReadQuota: boolean },
): AnswerOf<typeof getProject> {
  return {
    project_id: row.id,
    name: row.name,
    owner_id: row.ownerId,
    owner_name: row.ownerName,
    ...(row.registryId === null ? {} : { registry_id: row.registryId }),
    creation_time: row.createdAt,
    update_time: row.updatedAt,
    deleted: false,
    togglable: reader.mayUpdate,
    current_user_role_id: strongestRole(row.roleIds),
    current_user_role_ids: [...row.roleIds],
    repo_count: row.repositoryCount,
    metadata: effectiveMetadata(row),
    cve_allowlist: {
      project_id: row.id,
      items: [...row.cveAllowlist.items],
      expires_at: row.cveAllowlist.expires_at ?? null,
    },
    ...(row.lastPushedAt === null ? {} : { last_push_time: row.lastPushedAt }),
    ...(reader.mayReadQuota ? { storage_used: row.usedBytes, storage_limit: row.hardBytes } : {}),
  };
}

function requireSameRetention(current: string | undefined, value: string): void {
  if (value !== current) {
    throw new AppError(
      'BAD_REQUEST',
      'metadata.retention_id: is set by the retention policy; change the policy instead.',
    );
  }
}

function refuseUnwritable(key: MetadataKey): void {
  if (PROXY_KEYS.has(key)) {
    throw new AppError('BAD_REQUEST', `${key}: applies to proxy-cache projects only, and this is none.`);
  }
  if (key === 'retention_id') {
    throw new AppError('BAD_REQUEST', 'retention_id: is set by the retention policy; change the policy instead.');
  }
}
