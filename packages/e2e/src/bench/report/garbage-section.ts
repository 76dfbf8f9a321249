import { GARBAGE_SLOWDOWN, type GarbageResult, type GarbageRow, type TrafficResult } from '../garbage/result.ts';
import { number, table } from './table.ts';

/** How long collections take at scale, and what pushes and pulls feel of them. */
export function garbageSection(result: (GarbageResult & { readonly date: string }) | null): string {
  if (!result) return '## Garbage collection\n\nNot measured in this run.';
  const { date, idle, rows, workers, imagesPerSecond } = result;
  return [
    `## Garbage collection\n\nCollections through the API by one worker process with ${workers} workers, while ${imagesPerSecond} images a second were pushed and pulled (a configuration and three layers of 10 KiB, eleven requests and more). All durable; one small file for each blob. Files follow when nobody can mean them any more, at the earliest ${rows[0]?.waitSeconds ?? 0} seconds after their rows here. Measured on ${date.slice(0, 10)}.`,
    table(
      ['dead blobs, of all', 'collected after', 'must / goal', 'reached', 'files gone after, more'],
      rows.map((row) => [
        `${row.dead}, ${row.all}`,
        `${number(row.seconds)} s`,
        `≤ ${row.mustSeconds} / ${row.goalSeconds} s`,
        verdict(row),
        `${number(row.filesSeconds)} s`,
      ]),
    ),
    table(
      [
        'meanwhile',
        'images',
        'push p50',
        'push p99',
        'pull p50',
        'pull p99',
        'cores of other programs',
        'p99 over idle',
        `< ${GARBAGE_SLOWDOWN} ×`,
      ],
      [
        trafficRow('nothing', idle, null),
        ...rows.flatMap((row) => [
          trafficRow(`${row.dead} collected`, row.traffic, idle),
          trafficRow('their files', row.filesTraffic, idle),
        ]),
      ],
    ),
  ].join('\n\n');
}

function verdict({ seconds, mustSeconds, goalSeconds }: GarbageRow): string {
  if (seconds <= goalSeconds) return 'goal';
  return seconds <= mustSeconds ? 'must' : '**missed**';
}

function trafficRow(title: string, traffic: TrafficResult, idle: TrafficResult | null): string[] {
  const { images, failures, pushP50Ms, pushP99Ms, pullP50Ms, pullP99Ms } = traffic;
  const ratios = idle ? [pushP99Ms / idle.pushP99Ms, pullP99Ms / idle.pullP99Ms] : [];
  return [
    title,
    `${images}${failures > 0 ? `, ${failures} **failed**` : ''}`,
    ...[pushP50Ms, pushP99Ms, pullP50Ms, pullP99Ms].map((value) => `${number(value)} ms`),
    number(traffic.otherCores),
    ratios.map((ratio) => `× ${number(ratio)}`).join(', '),
    idle ? (Math.max(...ratios) < GARBAGE_SLOWDOWN ? 'yes' : '**missed**') : '',
  ];
}
