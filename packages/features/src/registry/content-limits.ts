import type { UploadLimits } from '../upload/index.ts';

/** Limits of the engine's store. The settings behind them are read at every use. */
export type ContentLimits = UploadLimits;

/** Gives the limits of now, from settings kept in memory. */
export type ContentLimitsProvider = () => ContentLimits;

export const DEFAULT_CONTENT_LIMITS: ContentLimits = {
  quotaEnforced: true,
  uploadsPerCaller: 100,
  uploadsPerProject: 1000,
};
