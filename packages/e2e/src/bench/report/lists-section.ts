import type { ListResult, ListRow } from '../lists/result.ts';
import { SHARE } from '../lists/world.ts';
import type { Verdict } from './compare.rules.ts';
import { LIST_GROWTH, LIST_TARGET, listFigures } from './lists.rules.ts';
import { number, table } from './table.ts';

const REACHED: Readonly<Record<Verdict, string>> = { goal: 'goal', must: 'must', missed: '**missed**' };

/** How long pages of lists take beside a large content, and how that grows. */
export function listsSection(result: (ListResult & { readonly date: string }) | null): string {
  if (!result) return '## Lists\n\nNot measured in this run.';
  const { date, world, rows } = result;
  return [
    `## Lists\n\n${world.artifacts} artifacts in ${world.projects} projects, ${world.tags} tags in one repository, ${world.referrers} referrers of one artifact; beside it
a second product with one part in ${SHARE} of everything. Each is asked in turn, on one connection, pages of 100. p95 as
the client sees it, the median of ${rows[0]?.rounds.length ?? 0} rounds; "growth" is the median of the rounds' own ratios. Each list of the
first table must stay within ${LIST_TARGET.must} ms (goal ${LIST_TARGET.goal}) and × ${LIST_GROWTH} of the small one. Measured on ${date.slice(0, 10)}.`,
    listTable(rows.filter(({ promised }) => promised)),
    'Beside them, without a promise:',
    listTable(rows.filter(({ promised }) => !promised)),
  ].join('\n\n');
}

function listTable(rows: readonly ListRow[]): string {
  return table(
    ['list', 'p95', `p95 of a ${SHARE}th`, 'growth', 'time', 'growth reached'],
    rows.map((row) => {
      const { largeMs, smallMs, growth, disturbed, time, isGrowthKept } = listFigures(row);
      const failed = row.failures > 0 ? ` ${row.failures} failed` : '';
      return [
        row.title,
        `${number(largeMs)} ms${disturbed ? ' disturbed' : ''}${failed}`,
        `${number(smallMs)} ms`,
        `× ${number(growth)}`,
        REACHED[time],
        isGrowthKept ? 'yes' : '**missed**',
      ];
    }),
  );
}
