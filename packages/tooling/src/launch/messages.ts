import { z } from 'zod';

/** What core and worker tell the launcher over the channel that Node opens between parent and child. */
const message = z.discriminatedUnion('type', [
  /** The process serves; core also says under which address. */
  z.object({ type: z.literal('ready'), url: z.string().optional() }),
  /** Core made the first administrator with a password of its own. */
  z.object({ type: z.literal('first-admin'), username: z.string(), password: z.string() }),
]);

export type ChildMessage = z.infer<typeof message>;

/** The message, or null for anything that is none of ours. */
export function parseMessage(value: unknown): ChildMessage | null {
  const result = message.safeParse(value);
  return result.success ? result.data : null;
}
