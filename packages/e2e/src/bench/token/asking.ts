import type { LoadClient, LoadResult } from '../client/load-client.ts';
import { Plan } from '../client/plan.ts';
import type { Sample } from '../machine/measure.ts';
import { PROJECT } from '../registry/contender.ts';
import type { Asker } from './callers.ts';

export interface TokenRun {
  readonly client: LoadClient;
  /** How long those who can ask again and again do so. */
  readonly seconds: number;
  /** Where the product's files are made. */
  readonly stores: string;
  readonly log: (line: string) => void;
}

/** What a client asks for before a pull. */
export const TOKEN_PATH = `/service/token?service=harbor-registry&scope=repository:${PROJECT}/app:pull`;

/** Everybody asks for a token once, in the given order. */
export function askPlan(callers: readonly Asker[]): Plan {
  const plan = new Plan();
  for (const caller of callers) plan.unit().getAs(TOKEN_PATH, caller);
  return plan;
}

export function perSecond({ requests, seconds }: LoadResult): number {
  return requests / seconds;
}

/** A sample in one line. */
export function lineOf({ value, p50Ms, p99Ms, serverCpuSeconds, requests, failures }: Sample): string {
  const cost = (serverCpuSeconds / Math.max(1, requests)) * 1000;
  const wrong = failures > 0 ? `, ${failures} FAILED` : '';
  return `${value.toFixed(0)} req/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ${cost.toFixed(2)} CPU ms each${wrong}`;
}
