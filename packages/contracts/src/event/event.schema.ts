import { z } from 'zod';
import { queryTexts } from '../wire/fields.ts';

/**
 * What a stream is about: `project:<id>`, `repository:<full name>`, `execution:<id>` (one run),
 * `executions` (all runs) or `user:me`. A topic the caller may not see is
 * refused when the stream opens, and ends when the right ends.
 */
export const eventQuery = z.strictObject({ topics: queryTexts(600) });

/** Data of one server-sent event. Its `id` field is what Last-Event-ID takes to resume. */
export const liveEvent = z
  .object({
    id: z.string(),
    /** `<room>.<noun-past>`, for example `artifact.pushed`; `stream.reset` means: what was missed is gone, load again. */
    name: z.string(),
    occurred_at: z.string().meta({ format: 'date-time' }),
    /** The topics of this stream it belongs to. */
    topics: z.array(z.string()),
    project_id: z.int().optional(),
    /** Ids and names; never secrets. */
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'LiveEvent' });
export type LiveEvent = z.infer<typeof liveEvent>;
