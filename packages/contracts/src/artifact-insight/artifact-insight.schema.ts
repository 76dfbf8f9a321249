import { z } from 'zod';
import { bytes, platform, time } from '../wire/fields.ts';

/** How often an artifact was pulled. Days without a pull are left out. */
export const artifactPulls = z
  .object({
    /** Of the days asked for. */
    total: z.int(),
    last_pull_time: time.optional(),
    days: z.array(z.object({ day: z.string().meta({ format: 'date' }), pulls: z.int() })),
  })
  .meta({ id: 'ArtifactPulls' });
export type ArtifactPulls = z.infer<typeof artifactPulls>;

const sharer = z.object({ repository_name: z.string(), digest: z.string(), tag: z.string().optional() });

/** What an artifact with its parts takes up. Unique is what no other artifact of the project needs. */
export const artifactStorage = z
  .object({
    /** Each blob and manifest once. */
    bytes,
    unique_bytes: bytes,
    shared_bytes: bytes,
    layers: z.array(
      z.object({
        digest: z.string(),
        media_type: z.string(),
        size: bytes,
        /** Whether another artifact of the project needs it. */
        shared: z.boolean(),
        /** Some others that need it, of all projects the caller may list. */
        shared_with: z.array(sharer),
      }),
    ),
  })
  .meta({ id: 'ArtifactStorage' });
export type ArtifactStorage = z.infer<typeof artifactStorage>;

const side = z.object({
  repository_name: z.string(),
  digest: z.string(),
  type: z.string(),
  size: bytes,
  push_time: time,
});
const change = z.object({ key: z.string(), base: z.string().nullable(), other: z.string().nullable() });

/** Two artifacts beside each other; `base` is the one of the path. */
export const artifactComparison = z
  .object({
    base: side,
    other: side,
    /** Of indexes: the platform that was compared, and those both have. */
    platform: platform.optional(),
    platforms: z.array(z.string()),
    identical: z.boolean(),
    layers: z.array(
      z.object({
        digest: z.string(),
        media_type: z.string(),
        size: bytes,
        command: z.string(),
        in: z.enum(['both', 'base', 'other']),
      }),
    ),
    /** Bytes of layers in both, only in the one, only in the other. */
    layer_bytes: z.object({ both: bytes, base: bytes, other: bytes }),
    /** Only what differs; null where one side has none. */
    config: z.array(change),
    env: z.array(change),
    labels: z.array(change),
    annotations: z.array(change),
  })
  .meta({ id: 'ArtifactComparison' });
export type ArtifactComparison = z.infer<typeof artifactComparison>;
