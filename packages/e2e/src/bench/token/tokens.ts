import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasProgram, installCommand, type Slapd, startSlapd } from '@moorage/testing';
import { measure } from '../machine/measure.ts';
import type { RunningRegistry } from '../registry/contender.ts';
import { type RunningProduct, startMeasured } from '../registry/moorage.ts';
import { askPlan, lineOf, perSecond, TOKEN_PATH, type TokenRun } from './asking.ts';
import { type Asker, basic, makeAskers } from './callers.ts';
import { measureGuessing } from './guessing.ts';
import type { TokenResult, TokenRow } from './result.ts';
import { runWave } from './wave.ts';

const CONNECTIONS = 32;
/** As many as sign in at the same moment: each costs a hash or a bind. */
const SIGN_IN_CONNECTIONS = 16;
/** A proven password is remembered for a minute. */
const FORGOTTEN_MS = 61_000;
const ENVIRONMENT = { MOORAGE_EGRESS_ALLOW: '127.0.0.1' };

/** Token requests by everybody the product knows, then a wave of them after a restart. Takes about three minutes. */
export async function runTokens(run: TokenRun): Promise<TokenResult> {
  const directory = join(run.stores, 'tokens');
  mkdirSync(directory, { mode: 0o755 });
  const slapd = hasProgram('slapd') ? await startSlapd() : null;
  const missing = slapd ? [] : [`LDAP: slapd is missing (${installCommand('slapd')})`];
  for (const name of missing) run.log(`tokens: left out ${name}`);
  try {
    const { askers, rows, guessing } = await measureWarm(run, directory, slapd);
    const wave = await runWave(run, askers, () => startMeasured(directory, ENVIRONMENT));
    return { missing, rows, guessing, wave };
  } finally {
    await slapd?.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function measureWarm(run: TokenRun, directory: string, slapd: Slapd | null) {
  const product = await startMeasured(directory, ENVIRONMENT);
  try {
    const askers = await makeAskers(product, slapd);
    await requirePull(product, [askers.robots, askers.personalTokens]);
    const rows: TokenRow[] = [];
    const take = async (id: string, title: string, callers: readonly Asker[], once = false) => {
      if (callers.length > 0) rows.push(await takeRow(run, product, { id, title, callers, once }));
    };
    await take('token-robot', 'robot', askers.robots);
    await take('token-personal', 'personal access token', askers.personalTokens);
    await take('token-local-first', 'local password, first request', askers.local, true);
    await take('token-local', 'local password, remembered', askers.local);
    await take('token-ldap-first', 'LDAP password, first sign-in (makes the account)', askers.directory, true);
    const proven = performance.now();
    const guessing = await measureGuessing(run, product, askers);
    if (slapd) await sleep(Math.max(0, proven + FORGOTTEN_MS - performance.now()));
    await take('token-ldap-later', 'LDAP password, a later sign-in', askers.directory, true);
    await take('token-ldap', 'LDAP password, remembered', askers.directory);
    await requirePull(product, [askers.local, askers.directory]);
    return { askers, rows, guessing };
  } finally {
    await product.stop();
  }
}

interface RowOptions {
  readonly id: string;
  readonly title: string;
  readonly callers: readonly Asker[];
  /** Everybody asks once; otherwise in turn until the time is over. */
  readonly once: boolean;
}

async function takeRow(run: TokenRun, product: RunningRegistry, row: RowOptions): Promise<TokenRow> {
  const { id, title, callers, once } = row;
  const connections = once ? SIGN_IN_CONNECTIONS : CONNECTIONS;
  const settings = { port: product.port, headers: [], connections, ownAddresses: true };
  const sample = await measure(
    product,
    () => run.client.run(askPlan(callers), once ? settings : { ...settings, seconds: run.seconds }),
    perSecond,
  );
  run.log(`  ${id}: ${lineOf(sample)}`);
  return { id, title, callers: callers.length, connections, sample };
}

/** The tokens that are counted must be worth something: each kind's first caller may pull. */
async function requirePull(product: RunningProduct, kinds: readonly (readonly Asker[])[]): Promise<void> {
  for (const caller of kinds.flatMap((callers) => callers.slice(0, 1))) {
    const answer = await fetch(new URL(TOKEN_PATH, product.origin), { headers: { authorization: basic(caller) } });
    const { token = '' } = (await answer.json()) as { token?: string };
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    if (!claims.includes('"pull"')) throw new Error(`${caller.name} got no token that allows a pull: ${claims}`);
  }
}
