import { z } from 'zod';

/** A sign-in by name or e-mail address. Lengths are bounded only to keep hashing bounded; rules are for new passwords. */
export const login = z.strictObject({
  principal: z.string().min(1).max(255),
  password: z.string().min(1).max(1024),
});

/** Asks whether a name or address is taken, for the sign-up form. */
export const userExistence = z.strictObject({
  target: z.enum(['username', 'email']),
  value: z.string().min(1).max(255),
});
