import { z } from 'zod';
import { queryId } from '../wire/fields.ts';
import { toldFields } from '../wire/told.ts';

/** Why an answer is what it is: a binding that gives the permission, or what is missing. */
export const accessReason = z
  .object({
    kind: z.enum([
      'system-admin',
      'role',
      'group-role',
      'public-project',
      'robot-grant',
      'federation-grant',
      'token-scope',
      'missing',
    ]),
    text: z.string(),
    ...toldFields,
  })
  .meta({ id: 'AccessReason' });

export const accessExplanation = z
  .object({ allowed: z.boolean(), reasons: z.array(accessReason) })
  .meta({ id: 'AccessExplanation' });
export type AccessExplanation = z.infer<typeof accessExplanation>;

export const accessQuestion = z.strictObject({
  subject_kind: z.enum(['user', 'robot', 'anonymous']),
  /** User name, or full robot name with prefix; empty for anonymous. */
  subject: z.string().max(512).optional(),
  /** A personal access token of that user, by id: what it allows of what he may do. */
  token_id: queryId.optional(),
  /** Project name; absent asks about system level. */
  project: z.string().max(255).optional(),
  /** `resource:action`, for example `repository:push`. */
  permission: z.string().min(3).max(64),
});
