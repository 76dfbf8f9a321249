import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '@moorage/database';
import { createTempDirectory, type Credentials, hasProgram } from '@moorage/testing';
import { type CheckedFacts, checkEverything, NOTHING_CHECKED } from '../check/whole-check.ts';
import { Cluster } from '../cluster/cluster.ts';
import { Ledger, type Outcome } from '../ledger/ledger.ts';
import { Random } from '../ledger/random.ts';
import type { Ground, PlantedBug } from '../planted/planted-bugs.ts';
import type { Actor } from './actors.ts';
import { enlist } from './company.ts';
import { type Harm, Nemesis } from './nemesis.ts';
import type { Profile } from './profile.ts';
import { quiet } from './quiet.ts';
import { RegistryUser, type Violation } from './registry-user.ts';
import { prepare, Scene } from './scene.ts';
import { NO_WORK, workDone, type WorkDone } from './work-done.ts';

export interface CampaignOptions {
  readonly profile: Profile;
  readonly seed: number;
  readonly bug?: PlantedBug;
  readonly log?: (line: string) => void;
}

/** What a campaign did and found; a registry that keeps its promises has no violations. */
export interface Evidence {
  readonly profile: string;
  readonly seed: number;
  readonly seconds: number;
  /** Writes that were answered with success. */
  readonly acknowledged: number;
  readonly operations: Readonly<Record<string, Readonly<Record<Outcome, number>>>>;
  readonly harm: Harm;
  readonly work: WorkDone;
  readonly checked: CheckedFacts;
  /** Promises about content that were broken: V1, V2, V7. */
  readonly lost: number;
  readonly violations: readonly Violation[];
}

/** Seconds without harm in which nothing may fail. */
const CALM_SECONDS = 4;
/** Of one kind, so many violations are kept: the first ones tell most. */
const KEPT_VIOLATIONS = 20;

/** Told to end, a campaign leaves nothing running; the exit code is that of the signal. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Runs clients against a cluster that is harmed all the time, then checks everything they were promised. Told to end, it
 * ends everything it started, or is starting, and then the process; orders after the first change nothing.
 */
export async function runCampaign(options: CampaignOptions): Promise<Evidence> {
  let ending: Promise<void> | undefined;
  const endAt = (code: number) => {
    ending ??= Cluster.abandonAll().finally(() => process.exit(code));
  };
  const ends = Object.entries(SIGNALS).map(([signal, code]) => [signal, () => endAt(code)] as const);
  for (const [signal, end] of ends) process.on(signal, end);
  try {
    return await campaign(options);
  } finally {
    // Whatever broke because of it is no news: the process ends in there.
    await ending;
    for (const [signal, end] of ends) process.off(signal, end);
  }
}

async function campaign({ profile, seed, bug, log = () => {} }: CampaignOptions): Promise<Evidence> {
  const started = performance.now();
  const directory = createTempDirectory('crash');
  const canMount = hasProgram('root');
  const cluster = await Cluster.start({
    directory: directory.path,
    cores: profile.cores,
    workers: profile.workers,
    volumeMegabytes: canMount ? profile.volumeMegabytes : null,
  });
  const database = await Database.open({
    url: cluster.databaseUrl,
    poolSize: 2,
    applicationName: 'crash-harness',
    onConnectionError: () => {},
  }).catch(async (error: Error) => {
    await cluster.stop();
    throw error;
  });
  const ledger = new Ledger(join(directory.path, 'ledger.jsonl'));
  const violations: Violation[] = [];
  const note = (violation: Violation) => {
    if (violations.filter(({ check }) => check === violation.check).length < KEPT_VIOLATIONS)
      violations.push(violation);
  };
  const random = new Random(seed);
  const { graceSeconds } = profile;
  const { origin, credentials } = cluster;
  const secrets = [...cluster.secrets];
  const client = (who: Credentials, more: { origin?: string; isStranger?: () => boolean } = {}) =>
    new RegistryUser({ origin, credentials: who, ledger, graceSeconds, note, ...more });
  try {
    const admin = client(credentials);
    const retentionPolicy = await prepare(admin, graceSeconds);
    for (const statement of bug?.statements ?? []) await database.query(statement);
    const actors = await enlist({
      clients: profile.clients,
      admin,
      client: (who, isStranger) => {
        secrets.push(who.password);
        return client(who, isStranger && { isStranger });
      },
      password: credentials.password,
      scene: new Scene(seed, profile.largestLayer),
      random,
    });
    const nemesis = new Nemesis({ cluster, admin, ledger, random: random.fork(), pace: profile.pace, retentionPolicy });
    log(`harm for ${profile.seconds} s, seed ${seed}`);
    let done = NO_WORK;
    const isEnough = () =>
      nemesis.kills >= profile.kills &&
      ledger.acknowledgedWrites >= profile.acknowledged &&
      nemesis.harm.collections > 0 &&
      done.collectedBlobs >= profile.collectedBlobs;
    await during(profile, isEnough, (signal) => [
      ...actors.map((actor) => keepActing(actor, signal)),
      nemesis.run(signal),
      keepHarming(bug, groundOf(cluster, database, random.fork(), nemesis), signal),
      keepLooking(database, signal, (work) => (done = work)),
    ]);
    await cluster.settled();
    log('calm: nothing may fail now');
    const before = failuresOf(ledger);
    await during(
      { seconds: CALM_SECONDS, longestSeconds: CALM_SECONDS },
      () => true,
      (signal) => actors.map((actor) => keepActing(actor, signal)),
    );
    for (const [kind, count] of failuresOf(ledger)) {
      const failed = count - (before.get(kind) ?? 0);
      if (failed > 0) note({ check: 'V8', text: `${failed} requests failed while nothing was harmed: ${kind}` });
    }
    await quiet(database);
    const work = await workDone(database);
    const checked = await checkEverything({
      cluster,
      database,
      user: (at) => client(credentials, { ...(at && { origin: at }) }),
      admin,
      log,
    }).catch((error: Error) => {
      note({ check: 'V1', text: `what was promised cannot be checked: ${error.message}` });
      return NOTHING_CHECKED;
    });
    checkLogs(cluster, secrets, note);
    return {
      profile: profile.name,
      seed,
      seconds: Math.round((performance.now() - started) / 1000),
      acknowledged: ledger.acknowledgedWrites,
      operations: ledger.counts,
      harm: nemesis.harm,
      work,
      checked,
      lost: violations.filter(({ check }) => ['V1', 'V2', 'V7'].includes(check)).length,
      violations,
    };
  } finally {
    ledger.close();
    await database.close();
    await cluster.stop();
    directory.remove();
  }
}

function groundOf(cluster: Cluster, database: Database, random: Random, nemesis: Nemesis): Ground {
  return {
    database,
    dataDirectory: cluster.dataDirectory,
    random,
    stopDatabase: () => void cluster.stopDatabase(),
    collect: () => nemesis.collect(),
  };
}

/**
 * Runs side by side until the time is over and enough has happened, which a slow machine may take longer for, but not for
 * ever; then waits until each has finished what it was doing.
 */
async function during(
  { seconds, longestSeconds }: Pick<Profile, 'seconds' | 'longestSeconds'>,
  isEnough: () => boolean,
  parts: (signal: AbortSignal) => readonly Promise<void>[],
): Promise<void> {
  const end = new AbortController();
  const running = Promise.all(parts(end.signal));
  const started = performance.now();
  const timer = setInterval(() => {
    const elapsed = (performance.now() - started) / 1000;
    if (elapsed >= longestSeconds || (elapsed >= seconds && isEnough())) end.abort();
  }, 100);
  // A part that rejects ends the time at once: something is wrong with the harness itself.
  await running.finally(() => clearInterval(timer));
}

async function keepActing(actor: Actor, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const acted = await actor.act().then(
      () => true,
      () => false,
    );
    // Servers that are gone for a moment are not to be asked a thousand times.
    if (!acted) await sleep(100);
  }
}

async function keepHarming(bug: PlantedBug | undefined, ground: Ground, signal: AbortSignal): Promise<void> {
  while (bug?.harm && !signal.aborted) {
    await sleep(1000);
    await Promise.resolve(bug.harm(ground)).catch(() => {});
  }
}

/**
 * Looks now and then what the workers have done, and forgets attempts to sign in: those that were under way when a process
 * was killed stay counted, and many such would shut every client out for a quarter of an hour.
 */
async function keepLooking(database: Database, signal: AbortSignal, tell: (work: WorkDone) => void): Promise<void> {
  while (!signal.aborted) {
    await sleep(1000);
    await database.query('delete from login_attempts').catch(() => {});
    await workDone(database).then(tell, () => {});
  }
}

/** By kind of operation. */
function failuresOf({ counts }: Ledger): ReadonlyMap<string, number> {
  return new Map(Object.entries(counts).map(([kind, { unknown }]) => [kind, unknown]));
}

/** V8: nothing that a program did not expect of itself, and no secret in any line. */
function checkLogs(cluster: Cluster, secrets: readonly string[], note: (violation: Violation) => void): void {
  const output = cluster.output();
  for (const secret of new Set(secrets))
    if (output.includes(secret)) note({ check: 'V8', text: `a secret was printed: ${lineWith(output, secret)}` });
  for (const line of output.split('\n'))
    if (/uncaught|unhandled|TypeError|ReferenceError|RangeError/i.test(line))
      note({ check: 'V8', text: line.slice(0, 500) });
  for (const surprise of cluster.surprises())
    if (!surprise.includes('cannot start')) note({ check: 'V8', text: surprise });
}

function lineWith(output: string, secret: string): string {
  const line = output.split('\n').find((one) => one.includes(secret)) ?? '';
  return line.replaceAll(secret, '[secret]').slice(0, 500);
}
