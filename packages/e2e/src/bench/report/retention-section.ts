import { RETENTION_GOAL_MS, RETENTION_MUST_MB, RETENTION_MUST_MS, type RetentionResult } from '../retention/result.ts';
import { number, table } from './table.ts';

/** How long a whole retention policy takes over one large repository. */
export function retentionSection(result: (RetentionResult & { readonly date: string }) | null): string {
  if (!result) return '## Retention\n\nNot measured in this run.';
  const { date, tags, rounds, rows, idleMb, peakMb, dryRun } = result;
  return [
    `## Retention\n\nPreviews of whole policies over one repository of ${tags} tags, as a client waits for them; the fastest of ${rounds}. Measured on ${date.slice(0, 10)}.`,
    table(
      ['policy', 'time', 'processor time without PostgreSQL', 'tags that would go', 'must / goal', 'reached'],
      rows.map(({ title, milliseconds, cpuMilliseconds, tagsDeleted }) => [
        title,
        `${number(milliseconds)} ms`,
        cpuMilliseconds === undefined ? '' : `${number(cpuMilliseconds)} ms`,
        String(tagsDeleted),
        `≤ ${RETENTION_MUST_MS} / ${RETENTION_GOAL_MS} ms`,
        verdict(milliseconds),
      ]),
    ),
    `The core process, which computes previews, ${growth({ idleMb, peakMb })}.`,
    ...(dryRun
      ? [
          `A dry run by the worker took ${number(dryRun.milliseconds)} ms, from the call to its end, with a line in its log for every tag. The worker process ${growth(dryRun)}.`,
        ]
      : []),
  ].join('\n\n');
}

function growth({ idleMb, peakMb }: { readonly idleMb: number; readonly peakMb: number }): string {
  const verdict = peakMb - idleMb <= RETENTION_MUST_MB ? 'reached' : '**missed**';
  return `grew by ${number(peakMb - idleMb)} MB, from ${number(idleMb)} MB to ${number(peakMb)} MB; it may grow by ${number(RETENTION_MUST_MB)} MB: ${verdict}`;
}

function verdict(milliseconds: number): string {
  if (milliseconds <= RETENTION_GOAL_MS) return 'goal';
  return milliseconds <= RETENTION_MUST_MS ? 'must' : '**missed**';
}
