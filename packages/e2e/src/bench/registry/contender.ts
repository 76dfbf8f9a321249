import type { Measured } from '../machine/measure.ts';

/** What a token must allow during a run. */
export interface Scope {
  readonly repositories: readonly string[];
  readonly catalog?: boolean;
}

/** A registry that takes part. */
export interface Contender {
  readonly name: string;
  /** As the report calls it, with its version. */
  readonly title: string;
  /** Starts it on a directory that may be empty or hold an earlier run's content. */
  start(directory: string): Promise<RunningRegistry>;
}

export interface RunningRegistry extends Measured {
  readonly port: number;
  /** Headers that requests of this scope need; tokens are fetched here, before the measured part. */
  authorize(scope: Scope): Promise<readonly string[]>;
  /** Copies a repository behind the registry's back, where its layout on disk allows that. */
  cloneRepository?(from: string, to: string): void;
  stop(): Promise<void>;
}

/** The project of every repository of the bench. */
export const PROJECT = 'bench';
