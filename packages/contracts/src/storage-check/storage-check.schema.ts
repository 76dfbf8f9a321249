import { z } from 'zod';
import { bytes, time } from '../wire/fields.ts';

/** Why the bytes of a project are kept. `unneeded` goes with the next collections. */
export const KEEP_REASONS = ['manifest', 'trash', 'lease', 'unneeded'] as const;

const count = z.int().min(0);

/** Why the stored bytes of a project are kept; each blob once, by the first reason of the list that holds. */
export const keptBytes = z
  .object({
    reasons: z.array(z.object({ reason: z.enum(KEEP_REASONS), count, bytes })),
    /** Bytes of manifests, which are rows and go with their artifacts. */
    manifest_bytes: bytes,
    /** Uploads that have not ended, with what they brought so far. */
    uploads: count,
    upload_bytes: bytes,
    /** For how long a client may rely on a blob it was told of. */
    grace_seconds: count,
    /** When garbage is collected next; absent when that is done by hand only. */
    next_collection_time: time.optional(),
  })
  .meta({ id: 'KeptBytes' });

/** A blob of a project, why it is kept, and when it goes. */
export const keptBlob = z
  .object({
    digest: z.string(),
    size: bytes,
    reason: z.enum(KEEP_REASONS),
    /** A repository that has it; absent for what only the trash has. */
    repository_name: z.string().optional(),
    /** For `manifest`: one artifact that needs it. */
    artifact_digest: z.string().optional(),
    /** For `trash`: the item that keeps it longest. */
    trash_item_id: z.int().optional(),
    /** For `trash` and `lease`: until when, as things are. For `unneeded`: when garbage is collected next. */
    kept_until: time.optional(),
  })
  .meta({ id: 'KeptBlob' });

/** What a look at the storage can find wrong. */
export const STORAGE_PROBLEMS = ['unknown-object', 'missing-object', 'corrupt-object', 'wrong-size'] as const;

export const storageFinding = z
  .object({
    id: z.int(),
    problem: z.enum(STORAGE_PROBLEMS),
    digest: z.string(),
    size: bytes,
    /** found, quarantined, set-aside, healed. */
    state: z.string(),
    /** In words, with what to do. */
    detail: z.string(),
    execution_id: z.int().optional(),
    creation_time: time,
    resolved_time: time.optional(),
    /** Repositories that have the blob, at most ten. */
    repositories: z.array(z.string()),
  })
  .meta({ id: 'StorageFinding' });

/** How far the check of all stored blobs is. */
export const scrubState = z
  .object({
    bytes_per_second: z.int(),
    pass_started_at: time.optional(),
    /** How much of all blobs the pass under way has behind it, from 0 to 99. */
    pass_percent: count.optional(),
    pass_blobs: count,
    pass_bytes: bytes,
    pass_corrupt: count,
    last_pass_ended_at: time.optional(),
    last_pass_blobs: count,
    last_pass_bytes: bytes,
    last_pass_corrupt: count,
    /** Blobs whose bytes are known to be damaged now. */
    damaged_blobs: count,
  })
  .meta({ id: 'ScrubState' });
