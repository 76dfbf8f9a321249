import { z } from 'zod';
import { time } from '../wire/fields.ts';

/** Amounts by resource; `storage` in bytes, as a limit -1 for unlimited. */
export const resourceList = z.object({ storage: z.int() }).meta({ id: 'ResourceList' });

export const quota = z
  .object({
    id: z.int(),
    ref: z.object({ id: z.int(), name: z.string(), owner_name: z.string() }).meta({ id: 'QuotaRefObject' }),
    hard: resourceList,
    used: resourceList,
    creation_time: time,
    update_time: time,
  })
  .meta({ id: 'Quota' });
export type Quota = z.infer<typeof quota>;

/** -1 for unlimited, else above 0 (QUO-1). */
export const quotaUpdate = z
  .strictObject({
    hard: z.strictObject({
      storage: z.int().refine((limit) => limit === -1 || limit > 0, {
        error: 'must be -1 (unlimited) or a number of bytes above 0',
        params: { errorCode: 'BAD_REQUEST' },
      }),
    }),
  })
  .meta({ id: 'QuotaUpdateReq' });
