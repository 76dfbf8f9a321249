import type { PortalResult } from '../portal/result.ts';
import { number, table } from './table.ts';

/** How fast the page of tags is in a browser, for each size of repository. */
export function portalSection(
  result: { readonly sizes: readonly PortalResult[]; readonly date: string } | null,
): string {
  if (!result) return '## Portal\n\nNot measured in this run.';
  const { date, sizes } = result;
  return [
    `## Portal\n\nThe page of tags of one repository in Chromium without throttling, 100 rows shown; the best of ${sizes[0]?.rounds ?? 0} visits. Interactions are measured to the paint that follows them (event timing, in steps of 8 ms). Measured on ${date.slice(0, 10)}.`,
    table(
      ['tags', 'what', 'time', 'must', 'reached'],
      sizes.flatMap(({ tags, rows }) =>
        rows.map(({ title, milliseconds, mustMs }) => [
          String(tags),
          title,
          `${number(milliseconds)} ms`,
          `≤ ${mustMs} ms`,
          milliseconds <= mustMs ? 'must' : '**missed**',
        ]),
      ),
    ),
  ].join('\n\n');
}
