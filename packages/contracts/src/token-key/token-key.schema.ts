import { z } from 'zod';
import { time } from '../wire/fields.ts';

/** A key that signs registry tokens, without the key. */
export const tokenKey = z
  .object({
    kid: z.string(),
    state: z.enum(['announced', 'signing', 'verifying']),
    creation_time: time,
    /** Signs from then on. */
    active_from: time,
    /** Verifies until then; absent while it signs or is to sign. */
    retires_at: time.optional(),
  })
  .meta({ id: 'TokenKey' });
export type TokenKey = z.infer<typeof tokenKey>;
