import type { RetentionSelect } from '@moorage/contracts';

/** Selects everything. */
export const PLAIN_SELECT: RetentionSelect = {
  tagged: 'any',
  tags: [],
  has_tags: [],
  versions: null,
  labels: [],
  types: [],
  artifact_types: [],
  pushed_within_days: null,
  pushed_before_days: null,
  pulled_within_days: null,
  not_pulled_for_days: null,
  larger_than_bytes: null,
  smaller_than_bytes: null,
};
