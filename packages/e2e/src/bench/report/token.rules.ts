import type { Statuses } from '../client/load-client.ts';
import type { TokenResult } from '../token/result.ts';

/** Logins against a real directory that were promised, each second. */
export const LDAP_LOGINS_PER_SECOND = 100;
/** The rows that promise is about. */
export const DIRECTORY_ROWS: readonly string[] = ['token-ldap-first', 'token-ldap-later'];
/** A robot's 99th percentile beside guessed passwords, as a multiple of the one without them, and memory in MB (S13). */
export const GUESSING_LIMITS = { slowdown: 2, growthMb: 150 };
/** A robot's 99th percentile in the wave (R44). */
export const WAVE_P99_MS = 1000;

/** Answers that mean that the service failed, not that it refused: 5xx, and connections that broke. */
export function brokenAnswers(statuses: Statuses): number {
  return Object.entries(statuses)
    .filter(([status]) => status === '0' || status.startsWith('5'))
    .reduce((sum, [, count]) => sum + count, 0);
}

/** Why the part failed as a whole; empty when it did not: something was wrong, or a promise was missed. */
export function tokenFailures(result: TokenResult): readonly string[] {
  const { rows, guessing, wave } = result;
  return [
    ...missedPromises(result),
    ...rows
      .filter(({ sample }) => sample.failures > 0)
      .map(({ id, sample }) => `${id}: ${sample.failures} without token`),
    ...[guessing.alone, guessing.beside]
      .filter(({ failures }) => failures > 0)
      .map(({ failures }) => `robots beside guesses: ${failures} without token`),
    ...(guessing.guessStatuses['200'] ? [`${guessing.guessStatuses['200']} wrong passwords were taken`] : []),
    ...wave
      .filter(({ statuses }) => brokenAnswers(statuses) > 0)
      .map(({ title, statuses }) => `wave, ${title}: ${brokenAnswers(statuses)} answers of 5xx or none`),
  ];
}

/** Which of the promises of S13, R44 and the directory's sign-ins were missed, with what was measured instead. */
function missedPromises({ rows, guessing: { alone, beside }, wave }: TokenResult): readonly string[] {
  const slowdown = beside.p99Ms / alone.p99Ms;
  const growth = beside.peakMb - alone.peakMb;
  const robots = wave[0];
  return [
    ...rows
      .filter(({ id, sample }) => DIRECTORY_ROWS.includes(id) && sample.value < LDAP_LOGINS_PER_SECOND)
      .map(({ id, sample }) => `${id}: ${sample.value.toFixed(0)} a second, must be ${LDAP_LOGINS_PER_SECOND}`),
    ...(slowdown >= GUESSING_LIMITS.slowdown
      ? [
          `S13: robots are ${slowdown.toFixed(1)} times as slow beside guesses, must be below ${GUESSING_LIMITS.slowdown}`,
        ]
      : []),
    ...(growth > GUESSING_LIMITS.growthMb
      ? [`S13: guesses take ${growth.toFixed(0)} MB, may take ${GUESSING_LIMITS.growthMb}`]
      : []),
    ...(robots && robots.p99Ms > WAVE_P99_MS
      ? [`R44: robots wait ${robots.p99Ms.toFixed(0)} ms in the wave, may wait ${WAVE_P99_MS}`]
      : []),
  ];
}
