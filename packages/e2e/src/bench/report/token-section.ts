import type { Statuses } from '../client/load-client.ts';
import type { GuessingResult, TokenResult, TokenRow, WavePart } from '../token/result.ts';
import { isDisturbed } from './compare.rules.ts';
import type { DatedTokens } from './result.ts';
import { number, table } from './table.ts';
import {
  brokenAnswers,
  DIRECTORY_ROWS,
  GUESSING_LIMITS,
  LDAP_LOGINS_PER_SECOND,
  tokenFailures,
  WAVE_P99_MS,
} from './token.rules.ts';

const ABOUT = `Requests at \`/service/token\` for one scope that the caller may pull, every connection from an address of its own. No peer
takes part: their token services are other programs. "First" and "later" rows ask once for each caller, the others
again and again.`;

const reached = (isReached: boolean) => (isReached ? 'yes' : '**missed**');

/** Token requests by kind of credential, beside guessed passwords, and in a wave after a start. */
export function tokenSection(tokens: DatedTokens | null): string {
  if (!tokens) return '## Token requests\n\nNot measured in this run.';
  const { date, missing, guessing, wave } = tokens;
  const failures = tokenFailures(tokens);
  return [
    `## Token requests\n\n${ABOUT} Measured on ${date.slice(0, 10)}.`,
    ...missing.map((name) => `Left out: ${name}.`),
    ...(failures.length === 0 ? [] : [`**Failed:** ${failures.join('; ')}.`]),
    rowTable(tokens),
    guessingSection(guessing),
    waveSection(wave),
  ].join('\n\n');
}

function rowTable({ rows }: TokenResult): string {
  return table(
    ['credential', 'tokens per second', 'p50', 'p99', 'processor time each', 'callers, connections', 'must', 'reached'],
    rows.map(({ id, title, callers, connections, sample }) => [
      title,
      `${number(sample.value)}${isDisturbed(sample) ? ' disturbed' : ''}`,
      `${number(sample.p50Ms)} ms`,
      `${number(sample.p99Ms)} ms`,
      `${number((sample.serverCpuSeconds / Math.max(1, sample.requests)) * 1000)} ms`,
      `${callers}, ${connections}`,
      ...goalOf(id, sample),
    ]),
  );
}

function goalOf(id: string, sample: TokenRow['sample']): readonly [string, string] {
  if (!DIRECTORY_ROWS.includes(id)) return ['', ''];
  return [`≥ ${LDAP_LOGINS_PER_SECOND}`, reached(sample.value >= LDAP_LOGINS_PER_SECOND)];
}

function guessingSection({ guesses, connections, guessStatuses, robotConnections, alone, beside }: GuessingResult) {
  const slowdown = beside.p99Ms / alone.p99Ms;
  const growth = beside.peakMb - alone.peakMb;
  const { slowdown: mostSlowdown, growthMb } = GUESSING_LIMITS;
  return `Robots on ${robotConnections} connections while ${guesses} wrong passwords are tried on ${connections} connections, answered with
${statusText(guessStatuses)}.

${table(
  ['what', 'alone', 'beside the guesses', 'change', 'must', 'reached'],
  [
    [
      'p99 of robots',
      `${number(alone.p99Ms)} ms`,
      `${number(beside.p99Ms)} ms`,
      `× ${number(slowdown)}`,
      `< × ${mostSlowdown}`,
      reached(slowdown < mostSlowdown),
    ],
    [
      'memory of core, peak',
      `${Math.round(alone.peakMb)} MB`,
      `${Math.round(beside.peakMb)} MB`,
      `${Math.round(growth)} MB`,
      `≤ ${growthMb} MB`,
      reached(growth <= growthMb),
    ],
    ['tokens per second', number(alone.value), number(beside.value), `× ${number(beside.value / alone.value)}`, '', ''],
  ],
)}`;
}

function waveSection(wave: readonly WavePart[]): string {
  const requests = wave.reduce((sum, part) => sum + part.requests, 0);
  const seconds = Math.max(...wave.map((part) => part.seconds));
  const connections = wave.reduce((sum, part) => sum + part.connections, 0);
  return `A wave of ${requests} requests on ${connections} connections as soon as a restarted product says it is ready, all kinds at once; served
in ${number(seconds)} seconds. Answers of 5xx must be none; robots must have their token within ${WAVE_P99_MS} ms at the 99th percentile.

${table(
  ['credential', 'requests, connections', 'answers', 'p50', 'p99', 'reached'],
  wave.map((part, at) => [
    part.title,
    `${part.requests}, ${part.connections}`,
    statusText(part.statuses),
    `${number(part.p50Ms)} ms`,
    `${number(part.p99Ms)} ms`,
    reached(brokenAnswers(part.statuses) === 0 && (at > 0 || part.p99Ms <= WAVE_P99_MS)),
  ]),
)}`;
}

function statusText(statuses: Statuses): string {
  return Object.entries(statuses)
    .map(([status, count]) => `${count} × ${status === '0' ? 'no answer' : status}`)
    .join(', ');
}
