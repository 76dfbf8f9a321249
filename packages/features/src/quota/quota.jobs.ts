import type { Database } from '@moorage/database';
import type { Pulse } from '@moorage/jobs';
import { foldLedger } from '../usage/index.ts';

/** Keeps the ledger short, so that reading a project's usage stays cheap. */
export function foldLedgerPulse(database: Database): Pulse {
  return { name: 'quota.fold-ledger', everyMs: 2_000, run: async () => void (await foldLedger(database)) };
}
