import { z } from 'zod';
import { bytes } from '../wire/fields.ts';

const count = z.int().min(0);

/** Counts of what the caller may see; the whole installation's for system administrators, storage for them alone. */
export const statistics = z
  .object({
    private_project_count: count,
    private_repo_count: count,
    public_project_count: count,
    public_repo_count: count,
    total_project_count: count,
    total_repo_count: count,
    /** 0 for everyone but system administrators. */
    total_storage_consumption: bytes,
  })
  .meta({ id: 'Statistic' });
export type Statistics = z.infer<typeof statistics>;
