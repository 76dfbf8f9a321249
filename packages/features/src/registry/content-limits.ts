/** Limits of the engine's store, read at every use so that a changed setting takes effect at once. */
export interface ContentLimits {
  /** Whether project quotas refuse pushes; usage is kept either way (`quota_per_project_enable`). */
  readonly quotaEnforced: boolean;
  /** Upload sessions one caller may have open. */
  readonly uploadsPerCaller: number;
  /** Upload sessions one project may have open. */
  readonly uploadsPerProject: number;
}

/** Gives the limits of now, from settings kept in memory. */
export type ContentLimitsProvider = () => ContentLimits;

export const DEFAULT_CONTENT_LIMITS: ContentLimits = {
  quotaEnforced: true,
  uploadsPerCaller: 100,
  uploadsPerProject: 1000,
};
