import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../target/workspace.ts';
import { type Evidence, runCampaign } from './campaign/campaign.ts';
import { PROFILES } from './campaign/profile.ts';
import { PLANTED_BUGS } from './planted/planted-bugs.ts';

const HELP = `npm run crash -- [smoke | full | planted] [options]

  smoke            a minute of harm (default)
  full             twenty minutes of harm with three cores
  planted          each planted bug in turn; the harness must find every one

  --seed N         repeats the choices of an earlier campaign
  --seconds N      another length
  --only TEXT      of the planted bugs, those whose name holds the text
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    seconds: { type: 'string' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
const name = positionals[0] ?? 'smoke';
if (values.help || !(name === 'smoke' || name === 'full' || name === 'planted')) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 2);
}
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const profile = {
  ...PROFILES[name],
  ...(values.seconds ? { seconds: Number(values.seconds), longestSeconds: 2 * Number(values.seconds) } : {}),
};
const log = (line: string) => console.log(line);

if (name === 'planted') await findPlantedBugs();
else await gatherEvidence();

async function gatherEvidence(): Promise<void> {
  const evidence = await runCampaign({ profile, seed, log });
  const directory = join(ROOT, 'crash-results');
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name}-${seed}.json`);
  writeFileSync(path, `${JSON.stringify(evidence, null, 2)}\n`);
  log(summaryOf(evidence));
  log(`evidence: ${path}`);
  process.exitCode = evidence.violations.length === 0 ? 0 : 1;
}

async function findPlantedBugs(): Promise<void> {
  for (const bug of PLANTED_BUGS.filter((one) => one.name.includes(values.only))) {
    const { violations, operations } = await runCampaign({ profile, seed, bug });
    const checks = [...new Set(violations.map(({ check }) => check))];
    const isFound = bug.found.some((check) => checks.includes(check));
    log(`${isFound ? 'found ' : 'MISSED'} ${bug.name}: ${checks.join(' ') || 'no violation'}`);
    const telling = isFound ? violations.filter(({ check }) => bug.found.includes(check)).slice(0, 1) : violations;
    for (const { check, text } of telling) log(`       ${check} ${text.slice(0, 200)}`);
    if (isFound) continue;
    log(`       ${JSON.stringify(operations)}`);
    process.exitCode = 1;
  }
}

function summaryOf({ acknowledged, harm, work, checked, lost, violations, seconds }: Evidence): string {
  const kills = harm.kills.core + harm.kills.worker + harm.kills.database;
  return [
    `${acknowledged} acknowledged writes in ${seconds} s, ${kills} kills (${harm.kills.core} cores, ${harm.kills.worker} workers, ${harm.kills.database} databases)`,
    `${harm.frozen} freezes, ${harm.redisFlushes} queue flushes, ${harm.diskFilled} full disks`,
    `${work.collections} collections came to their end and took ${work.collectedBlobs} blobs and ${work.collectedManifests} manifests`,
    `${work.retentions} retention runs took ${work.retained} items; ${work.trashed} items came into the trash, ${work.restored} were restored`,
    `${checked.tags} tags, ${checked.artifacts} artifacts, ${checked.blobs} links to blobs and ${checked.storedBlobs} stored blobs checked`,
    `lost: ${lost}, violations: ${violations.length}`,
    ...violations.map(({ check, text }) => `  ${check} ${text}`),
  ].join('\n');
}
