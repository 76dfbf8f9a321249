/** What a comparison needs to know of a sample. */
interface Comparable {
  readonly value: number;
  readonly otherCpu: number;
  readonly failures: number;
}

export interface Comparison {
  /** Median of the ratios of all rounds that count. */
  readonly ratio: number;
  readonly min: number;
  readonly max: number;
  /** Rounds that count. */
  readonly rounds: number;
  /** True when too few rounds were undisturbed, so that disturbed ones count too. */
  readonly disturbed: boolean;
}

/** Another program may have used at most this share of a core (the protocol's limit). */
const DISTURBANCE = 0.15;
const LEAST_ROUNDS = 3;

export function isDisturbed({ otherCpu }: Pick<Comparable, 'otherCpu'>): boolean {
  return otherCpu > DISTURBANCE;
}

/** The rounds in which no registry was measured beside another program. */
export function undisturbedRounds<T extends Pick<Comparable, 'otherCpu'>>(
  rounds: readonly Readonly<Record<string, T>>[],
): readonly Readonly<Record<string, T>>[] {
  return rounds.filter((round) => !Object.values(round).some(isDisturbed));
}

/** Compares two registries round by round; null when one of them never took part or answered wrongly. */
export function compare(
  rounds: readonly Readonly<Record<string, Comparable>>[],
  ours: string,
  theirs: string,
): Comparison | null {
  const pairs = rounds.flatMap((round) => {
    const [one, other] = [round[ours], round[theirs]];
    if (!one || !other || one.failures > 0 || other.failures > 0 || other.value === 0) return [];
    return [{ ratio: one.value / other.value, disturbed: isDisturbed(one) || isDisturbed(other) }];
  });
  const calm = pairs.filter(({ disturbed }) => !disturbed);
  const enough = calm.length >= Math.min(LEAST_ROUNDS, pairs.length);
  const ratios = (enough ? calm : pairs).map(({ ratio }) => ratio);
  if (ratios.length === 0) return null;
  return {
    ratio: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    rounds: ratios.length,
    disturbed: !enough,
  };
}

/** The middle value; the mean of the two middle ones for an even number. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

export type Verdict = 'goal' | 'must' | 'missed';

export interface Target {
  readonly must: number;
  readonly goal: number;
}

/** Whether a ratio reaches its goal, only what it must reach, or not even that. */
export function verdictOf(ratio: number, { must, goal }: Target): Verdict {
  if (ratio >= goal) return 'goal';
  return ratio >= must ? 'must' : 'missed';
}

/** The same for a figure of which less is better. */
export function ceilingVerdictOf(value: number, { must, goal }: Target): Verdict {
  if (value <= goal) return 'goal';
  return value <= must ? 'must' : 'missed';
}
