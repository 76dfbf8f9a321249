import type { Statuses } from '../client/load-client.ts';
import type { TokenResult } from '../token/result.ts';

/** Logins against a real directory that were promised, each second. */
export const LDAP_LOGINS_PER_SECOND = 100;
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

/** Why the part failed as a whole; empty when it did not. Being slow is no reason, being wrong is. */
export function tokenFailures({ rows, guessing, wave }: TokenResult): readonly string[] {
  return [
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
