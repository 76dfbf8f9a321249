import { z } from 'zod';
import { scheduleObject, scheduleUpdate } from '../execution/execution.schema.ts';
import { time } from '../wire/fields.ts';

const MAX_WORKERS = 10;

/** A yes or no as Harbor's clients send it: also as text. */
const flag = z.preprocess(
  (value: unknown) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
);

/** What a collection does (GC-4). `delete_tag` is accepted and means nothing: tags are rows, not files. */
export const gcParameters = z
  .strictObject({
    delete_untagged: flag.nullish(),
    delete_tag: flag.nullish(),
    dry_run: flag.nullish(),
    workers: z
      .preprocess(
        (value: unknown) => (typeof value === 'string' && /^[0-9]{1,3}$/.test(value) ? Number(value) : value),
        z.int(),
      )
      .refine((value) => value >= 1 && value <= MAX_WORKERS, {
        error: `must be from 1 to ${MAX_WORKERS}`,
        params: { errorCode: 'BAD_REQUEST' },
      })
      .nullish(),
    redis_url_reg: z.unknown().optional(),
    time_window: z.unknown().optional(),
  })
  .nullish()
  .meta({ id: 'GcParameters' });
export type GcParameters = z.infer<typeof gcParameters>;

export const gcScheduleUpdate = scheduleUpdate(gcParameters).meta({ id: 'GcSchedule' });

/** One collection, or the schedule of collections, in Harbor's shape. */
export const gcHistory = z
  .object({
    id: z.int().optional(),
    job_name: z.string().optional(),
    job_kind: z.string().optional(),
    /** Parameters and results as JSON: delete_untagged, dry_run, workers, freed_space, purged_blobs, purged_manifests. */
    job_parameters: z.string().optional(),
    schedule: scheduleObject.optional(),
    job_status: z.string().optional(),
    status_message: z.string().optional(),
    deleted: z.boolean().optional(),
    creation_time: time.optional(),
    update_time: time.optional(),
  })
  .meta({ id: 'GCHistory' });
