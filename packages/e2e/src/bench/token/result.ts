import type { Statuses } from '../client/load-client.ts';
import type { Sample } from '../machine/measure.ts';

/** Token requests of one kind of credential. */
export interface TokenRow {
  readonly id: string;
  readonly title: string;
  /** How many different ones asked. */
  readonly callers: number;
  readonly connections: number;
  readonly sample: Sample;
}

/** Robots that ask for tokens while nobody else does, and while many guess passwords. */
export interface GuessingResult {
  readonly guesses: number;
  readonly connections: number;
  readonly guessStatuses: Statuses;
  readonly robotConnections: number;
  readonly alone: Sample;
  readonly beside: Sample;
}

/** One kind of credential in the wave. */
export interface WavePart {
  readonly title: string;
  readonly connections: number;
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly statuses: Statuses;
}

/** How fast the token service is for whom, and how it stands what comes at once. */
export interface TokenResult {
  /** What was left out, and which program it needs. */
  readonly missing: readonly string[];
  readonly rows: readonly TokenRow[];
  readonly guessing: GuessingResult;
  /** Requests at once right after a start, all kinds beside each other. */
  readonly wave: readonly WavePart[];
}
