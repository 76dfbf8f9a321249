import type { SettingsService } from '../settings/index.ts';
import type { UploadLimits } from '../upload/index.ts';

/** Limits of the engine's store. */
export interface ContentLimits extends UploadLimits {
  /** Of a storage limit, from which share on pushes are warned; 0 for never. */
  readonly quotaWarningPercent: number;
  /** How long somebody who was told of a blob may rely on it. */
  readonly graceSeconds: number;
}

/** Gives the limits of now; asked at every use, so that a changed setting takes effect at once. */
export type ContentLimitsProvider = () => ContentLimits | Promise<ContentLimits>;

export const DEFAULT_CONTENT_LIMITS: ContentLimits = {
  quotaEnforced: true,
  uploadsPerCaller: 100,
  uploadsPerProject: 1000,
  quotaWarningPercent: 85,
  graceSeconds: 7200,
};

/** The limits as the settings say. */
export function registryLimits(settings: Pick<SettingsService, 'get'>): ContentLimitsProvider {
  return async () => {
    const current = await settings.get();
    return {
      ...DEFAULT_CONTENT_LIMITS,
      quotaEnforced: current.quota_per_project_enable,
      quotaWarningPercent: current.quota_warning_percent,
      graceSeconds: current.gc_grace_seconds,
    };
  };
}
