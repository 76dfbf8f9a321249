import { z } from 'zod';
import { time } from '../wire/fields.ts';

/** Harbor's older shape. */
export const auditLog = z
  .object({
    id: z.int(),
    username: z.string(),
    resource: z.string(),
    resource_type: z.string(),
    operation: z.string(),
    op_time: time,
  })
  .meta({ id: 'AuditLog' });
export type AuditLog = z.infer<typeof auditLog>;

export const auditLogExt = auditLog
  .extend({
    operation_description: z.string(),
    operation_result: z.boolean(),
    project_id: z.int().optional(),
    actor_kind: z.enum(['user', 'robot', 'federated', 'anonymous', 'system']),
    credential_kind: z.string(),
    client_address: z.string(),
    user_agent: z.string(),
    request_id: z.string(),
    /** Status of the answer. */
    status: z.int(),
    /** The changed fields as they were; secrets never appear. */
    before: z.record(z.string(), z.unknown()).optional(),
    after: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'AuditLogExt' });
export type AuditLogExt = z.infer<typeof auditLogExt>;

export const auditLogEventType = z.object({ event_type: z.string() }).meta({ id: 'AuditLogEventType' });
