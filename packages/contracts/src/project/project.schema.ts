import { z } from 'zod';
import { resourceList } from '../quota/quota.schema.ts';
import { bytes, ignored, sentBackTime, time } from '../wire/fields.ts';
import { checkProjectName, MAX_NAME_LENGTH, named } from '../wire/names.ts';

/** A truth value as text: metadata values are strings (PRJ-4). */
const truth = z.enum(['true', 'false']);
const numberText = z.string().regex(/^-?[0-9]{1,15}$/, 'must be a whole number written as text');

/** Every metadata key of a project and the rule of its value (PRJ-4). */
const METADATA = {
  public: truth,
  enable_content_trust: truth,
  enable_content_trust_cosign: truth,
  prevent_vul: truth,
  severity: z.enum(['none', 'low', 'medium', 'high', 'critical']),
  auto_scan: truth,
  auto_sbom_generation: truth,
  reuse_sys_cve_allowlist: truth,
  retention_id: numberText,
  /** For how many days the trash keeps what is deleted; 0 for not at all. Not in Harbor. */
  trash_days: z.string().regex(/^(0|[1-9][0-9]{0,3})$/, 'must be a number of days from 0 to 9999, written as text'),
  proxy_speed_kb: numberText,
  max_upstream_conn: numberText,
  proxy_cache_local_on_not_found: truth,
  proxy_referrer_api: truth,
  proxy_cache_filter_pattern: z.string().max(1024),
  proxy_cache_filter_kind: z.enum(['doublestar', 'regex']),
} as const;

export type MetadataKey = keyof typeof METADATA;
export const METADATA_KEYS = Object.keys(METADATA) as MetadataKey[];

const metadataTexts = Object.fromEntries(METADATA_KEYS.map((key) => [key, z.string().optional()])) as {
  [K in MetadataKey]: z.ZodOptional<z.ZodString>;
};

/** Metadata in an answer: text by key. */
export const projectMetadata = z.object(metadataTexts).meta({ id: 'ProjectMetadata' });
export type ProjectMetadata = z.infer<typeof projectMetadata>;

const nullableMetadata = Object.fromEntries(
  // Harbor's clients send null, and some empty text, for values they do not set.
  Object.entries(METADATA).map(([key, rule]) => [key, z.union([rule, z.literal('')]).nullish()]),
) as { [K in MetadataKey]: z.ZodOptional<z.ZodNullable<z.ZodUnion<[(typeof METADATA)[K], z.ZodLiteral<''>]>>> };

const metadataInput = z.strictObject(nullableMetadata).meta({ id: 'ProjectMetadataReq' });

/** One metadata key and its value; the key is a known one and `retention_id` is nobody's to write. */
export const metadataEntry = z
  .strictObject(METADATA)
  .omit({ retention_id: true })
  .partial()
  .refine((entry) => Object.keys(entry).length === 1, {
    error: 'must have exactly one key',
    params: { errorCode: 'BAD_REQUEST' },
  })
  .meta({ id: 'ProjectMetadataEntry' });

export const cveAllowlist = z
  .object({
    id: z.int().optional(),
    project_id: z.int().optional(),
    /** Seconds since 1970; absent for never. */
    expires_at: z.int().nullish(),
    items: z.array(z.object({ cve_id: z.string() })),
    creation_time: time.optional(),
    update_time: time.optional(),
  })
  .meta({ id: 'CVEAllowlist' });

const cveAllowlistInput = z
  .strictObject({
    id: z.int().optional(),
    project_id: z.int().optional(),
    expires_at: z.int().nullish(),
    items: z
      .array(z.strictObject({ cve_id: z.string().min(1).max(64) }))
      .max(10_000)
      .nullish(),
    creation_time: sentBackTime,
    update_time: sentBackTime,
  })
  .meta({ id: 'CVEAllowlistReq' });

export const project = z
  .object({
    project_id: z.int(),
    owner_id: z.int(),
    owner_name: z.string(),
    name: z.string(),
    registry_id: z.int().optional(),
    creation_time: time,
    update_time: time,
    deleted: z.boolean(),
    /** Whether the caller may change between public and private. */
    togglable: z.boolean().optional(),
    /** The caller's strongest role; 0 for none. */
    current_user_role_id: z.int().optional(),
    current_user_role_ids: z.array(z.int()).optional(),
    repo_count: z.int(),
    metadata: projectMetadata,
    cve_allowlist: cveAllowlist,
    last_push_time: time.optional(),
    storage_used: bytes.optional(),
    /** -1 for unlimited. */
    storage_limit: z.int().optional(),
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof project>;

const projectFields = {
  /** Deprecated in favour of metadata.public, which wins. */
  public: z.boolean().nullish(),
  metadata: metadataInput.nullish(),
  cve_allowlist: cveAllowlistInput.nullish(),
  registry_id: z.int().nullish(),
  count_limit: ignored('There is no limit of the number of artifacts.'),
};

export const projectCreation = z
  .strictObject({
    project_name: named(checkProjectName).max(MAX_NAME_LENGTH),
    /** Bytes; -1 for unlimited. System administrators only. */
    storage_limit: z.int().min(-1).nullish(),
    ...projectFields,
  })
  .meta({ id: 'ProjectReq' });

/**
 * A change of a project. The name is sent back by clients and must be the present one: there is no rename. So is the
 * storage limit, which is changed through the quota only.
 */
export const projectUpdate = z
  .strictObject({
    project_name: z.string().max(MAX_NAME_LENGTH).optional(),
    storage_limit: z.int().min(-1).nullish(),
    ...projectFields,
  })
  .meta({ id: 'ProjectUpdateReq' });

export const projectDeletable = z
  .object({ deletable: z.boolean(), message: z.string().optional() })
  .meta({ id: 'ProjectDeletable' });

export const projectSummary = z
  .object({
    repo_count: z.int(),
    project_admin_count: z.int().optional(),
    maintainer_count: z.int().optional(),
    developer_count: z.int().optional(),
    guest_count: z.int().optional(),
    limited_guest_count: z.int().optional(),
    quota: z.object({ hard: resourceList, used: resourceList }).optional(),
    artifact_count: z.int().optional(),
    tag_count: z.int().optional(),
    robot_count: z.int().optional(),
    last_push_time: time.optional(),
  })
  .meta({ id: 'ProjectSummary' });
export type ProjectSummary = z.infer<typeof projectSummary>;
