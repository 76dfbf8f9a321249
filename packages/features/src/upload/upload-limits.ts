/** Limits of unfinished uploads, read at every start so that a changed setting takes effect at once. */
export interface UploadLimits {
  /** Upload sessions one caller may have open; those that stand still for a quarter of an hour count a tenth. */
  readonly uploadsPerCaller: number;
  /** Upload sessions one project may have open, counted alike. */
  readonly uploadsPerProject: number;
  /** Whether a project that is full may start none (`quota_per_project_enable`). */
  readonly quotaEnforced: boolean;
}

/** Gives the limits of now. */
export type UploadLimitsProvider = () => UploadLimits | Promise<UploadLimits>;
