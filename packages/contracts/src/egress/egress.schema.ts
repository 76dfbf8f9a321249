import { z } from 'zod';
import { time } from '../wire/fields.ts';

/** Why a connection was refused. */
export const REFUSAL_REASONS = {
  scheme: 'Only http:// and https:// addresses are called.',
  userinfo: 'An address must not hold a user name or password.',
  port: 'This port belongs to another protocol.',
  denied: 'The setting egress_deny names this destination.',
  'not-listed': 'The setting egress_listed_only is on and egress_allow does not name this destination.',
  loopback: 'The address is this machine itself.',
  private: 'The address belongs to a private network.',
  shared: 'The address belongs to a network shared by a provider (100.64.0.0/10).',
  'link-local': 'The address is only valid on one network link.',
  metadata: 'The address is a metadata service of a cloud.',
  multicast: 'The address is a multicast group.',
  unspecified: 'The address stands for no host, or for every one.',
  reserved: 'The address is reserved and belongs to no host of the internet.',
  credentials: 'Credentials would have gone to a host they are not meant for.',
  redirect: 'The server sent the call on to where it may not go.',
} as const;
export type RefusalReason = keyof typeof REFUSAL_REASONS;

const reason = z.enum(Object.keys(REFUSAL_REASONS) as [RefusalReason, ...RefusalReason[]]);

/** Connections refused for the same reason: one row, counted. */
export const egressRefusal = z
  .object({
    id: z.int(),
    /** The part of Moorage that asked, for example `oidc`. */
    purpose: z.string(),
    host: z.string(),
    port: z.int(),
    /** What the name resolved to; empty when it was refused before. */
    address: z.string(),
    reason,
    /** The reason as a sentence. */
    explanation: z.string(),
    hits: z.int(),
    first_at: time,
    last_at: time,
  })
  .meta({ id: 'EgressRefusal' });
export type EgressRefusal = z.infer<typeof egressRefusal>;

export const egressCheckRequest = z
  .strictObject({ url: z.string().min(1).max(2048) })
  .meta({ id: 'EgressCheckRequest' });

/** Whether the present settings let the server call an address. Nothing is sent to it; its name is resolved. */
export const egressCheck = z
  .object({
    allowed: z.boolean(),
    host: z.string(),
    port: z.int(),
    /** Present when the address as a whole is refused, before its name is resolved. */
    reason: reason.optional(),
    explanation: z.string().optional(),
    /** What the name resolves to; one refused address refuses all. */
    addresses: z.array(
      z.object({
        address: z.string(),
        allowed: z.boolean(),
        reason: reason.optional(),
        explanation: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'EgressCheck' });
export type EgressCheck = z.infer<typeof egressCheck>;
