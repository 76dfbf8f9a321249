import { z } from 'zod';
import { bytes, time } from '../wire/fields.ts';

export const overallHealth = z
  .object({
    status: z.enum(['healthy', 'unhealthy']),
    components: z.array(
      z
        .object({ name: z.string(), status: z.enum(['healthy', 'unhealthy']), error: z.string().optional() })
        .meta({ id: 'ComponentHealthStatus' }),
    ),
  })
  .meta({ id: 'OverallHealthStatus' });
export type OverallHealth = z.infer<typeof overallHealth>;

/** What a client or the sign-in page needs to know. The version is for signed-in callers only (STA-1). */
export const generalInfo = z
  .object({
    auth_mode: z.string(),
    primary_auth_mode: z.boolean(),
    self_registration: z.boolean(),
    banner_message: z.string().optional(),
    external_url: z.string().optional(),
    registry_url: z.string().optional(),
    project_creation_restriction: z.string().optional(),
    has_ca_root: z.boolean().optional(),
    harbor_version: z.string().optional(),
    registry_storage_provider_name: z.string().optional(),
    read_only: z.boolean().optional(),
    notification_enable: z.boolean().optional(),
    current_time: time.optional(),
    /** Moorage's own version, for signed-in callers. */
    moorage_version: z.string().optional(),
  })
  .meta({ id: 'GeneralInfo' });
export type GeneralInfo = z.infer<typeof generalInfo>;

export const systemVolumes = z
  .object({ storage: z.array(z.object({ total: bytes, free: bytes }).meta({ id: 'Storage' })) })
  .meta({ id: 'SystemInfo' });
