import { z } from 'zod';

/** One action on one kind of resource. */
export const permission = z.object({ resource: z.string(), action: z.string() }).meta({ id: 'Permission' });
export type Permission = z.infer<typeof permission>;

/** What robots may hold, at each kind. */
export const permissions = z
  .object({ system: z.array(permission).optional(), project: z.array(permission) })
  .meta({ id: 'Permissions' });
export type Permissions = z.infer<typeof permissions>;
