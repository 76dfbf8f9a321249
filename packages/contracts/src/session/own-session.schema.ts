import { z } from 'zod';
import { time } from '../wire/fields.ts';

export const userSession = z
  .object({
    id: z.string(),
    /** Whether the request came with this session. */
    current: z.boolean(),
    creation_time: time,
    /** Written at most once a minute. */
    last_seen_at: time,
    /** When it ends for want of use, unless it is used before then. */
    idle_until: time,
    /** When it ends whatever happens. */
    expires_at: time,
    address: z.string(),
    user_agent: z.string(),
  })
  .meta({ id: 'UserSession' });
export type UserSession = z.infer<typeof userSession>;
