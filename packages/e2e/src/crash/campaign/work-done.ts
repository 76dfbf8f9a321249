import type { Database } from '@moorage/database';

/** What the workers really did, by their own records. */
export interface WorkDone {
  /** Collections that came to their end, and what they took. */
  readonly collections: number;
  readonly collectedBlobs: number;
  readonly collectedManifests: number;
  readonly retentions: number;
  /** Tags and artifacts that retention took. */
  readonly retained: number;
  /** Items that were put into the trash, and restorations from it. */
  readonly trashed: number;
  readonly restored: number;
}

export const NO_WORK: WorkDone = {
  collections: 0,
  collectedBlobs: 0,
  collectedManifests: 0,
  retentions: 0,
  retained: 0,
  trashed: 0,
  restored: 0,
};

const EXECUTIONS = `select
    count(*) filter (where vendor_type = 'GARBAGE_COLLECTION' and extra_attrs ? 'purged_blobs') as collections,
    coalesce(sum((extra_attrs ->> 'purged_blobs')::bigint), 0)::bigint as blobs,
    coalesce(sum((extra_attrs ->> 'purged_manifests')::bigint), 0)::bigint as manifests,
    count(*) filter (where vendor_type = 'RETENTION') as retentions
  from executions where status = 'Success'`;
const TRASH = `select count(*) filter (where reason = 'retention') as retained, coalesce(max(id), 0) as trashed from trash_items`;
const RESTORED = `select count(*) as restored from outbox_events where name like '%.restored'`;

/** Counts it; called before the trash is emptied. */
export async function workDone(database: Database): Promise<WorkDone> {
  const [run] = await database.query<Record<'collections' | 'blobs' | 'manifests' | 'retentions', number>>(EXECUTIONS);
  const [trash] = await database.query<Record<'retained' | 'trashed', number>>(TRASH);
  const [events] = await database.query<{ restored: number }>(RESTORED);
  return {
    collections: run?.collections ?? 0,
    collectedBlobs: run?.blobs ?? 0,
    collectedManifests: run?.manifests ?? 0,
    retentions: run?.retentions ?? 0,
    retained: trash?.retained ?? 0,
    trashed: trash?.trashed ?? 0,
    restored: events?.restored ?? 0,
  };
}
