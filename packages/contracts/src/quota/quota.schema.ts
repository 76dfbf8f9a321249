import { z } from 'zod';
import { time } from '../wire/fields.ts';

/** Amounts by resource: `storage` in bytes, `count` of artifacts; as limits -1 for unlimited. */
export const resourceList = z.object({ storage: z.int(), count: z.int().optional() }).meta({ id: 'ResourceList' });

export const quota = z
  .object({
    id: z.int(),
    ref: z.object({ id: z.int(), name: z.string(), owner_name: z.string() }).meta({ id: 'QuotaRefObject' }),
    hard: resourceList,
    /** From here on pushes carry a warning; -1 for none, null where the share of the settings holds. */
    soft: z.object({ storage: z.int().nullable() }).meta({ id: 'QuotaSoftLimits' }),
    used: resourceList,
    state: z.enum(['ok', 'warning', 'full']),
    creation_time: time,
    update_time: time,
  })
  .meta({ id: 'Quota' });
export type Quota = z.infer<typeof quota>;

/** A project that has used 80 % of a limit, or passed its soft limit. Limits are -1 for none. */
export const quotaReminder = z
  .object({ project_name: z.string(), hard: resourceList, used: resourceList, full: z.boolean() })
  .meta({ id: 'QuotaReminder' });
export type QuotaReminder = z.infer<typeof quotaReminder>;

const limit = z.int().refine((value) => value === -1 || value > 0, {
  error: 'must be -1 (unlimited) or above 0',
  params: { errorCode: 'BAD_REQUEST' },
});

/** -1 for unlimited, else above 0 (QUO-1); what is left out stays. */
export const quotaUpdate = z
  .strictObject({
    hard: z.strictObject({ storage: limit.optional(), count: limit.optional() }).optional(),
    /** Bytes from which on pushes are warned; -1 for none, null for the share of the settings. */
    soft: z.strictObject({ storage: limit.nullable() }).optional(),
  })
  .refine(({ hard, soft }) => soft !== undefined || hard?.storage !== undefined || hard?.count !== undefined, {
    error: 'must name at least one limit: hard.storage, hard.count or soft.storage',
    params: { errorCode: 'BAD_REQUEST' },
  })
  .meta({ id: 'QuotaUpdateReq' });

/** A project's quota with its past and, where it grows, its future. */
export const projectQuota = quota
  .extend({
    trash_storage: z.int().meta({ description: 'Bytes of the used storage that something in the trash needs' }),
    growth: z
      .array(z.object({ day: z.iso.date(), storage: z.int(), count: z.int() }).meta({ id: 'QuotaDay' }))
      .meta({ description: 'Usage at the end of each day (UTC), oldest first; the last one is of today' }),
    forecast: z
      .object({
        storage_per_day: z.int().meta({ description: 'Bytes a day, by the trend of the last 30 days' }),
        full_at: time
          .nullable()
          .meta({ description: 'When the limit is reached at this pace; null for not foreseeable' }),
      })
      .nullable()
      .meta({ id: 'QuotaForecast', description: 'Null until there are three days to judge by' }),
  })
  .meta({ id: 'ProjectQuota' });
