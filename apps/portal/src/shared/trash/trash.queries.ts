import { getTrashSummary } from '@moorage/contracts';
import { objectQuery } from '../api/query.ts';

/** How much a project's trash holds, and for how many days it keeps things. */
export function trashSummaryQuery(project: string) {
  return objectQuery(getTrashSummary, { params: { project_name_or_id: project } });
}
