import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startTestPostgres } from '@moorage/database/embedded';
import { launchBrowser } from '../../portal/browser.ts';
import { PROJECT } from '../registry/contender.ts';
import { CREDENTIALS, startMeasured } from '../registry/moorage.ts';
import { seedTags } from '../registry/seed-tags.ts';
import type { PortalResult, PortalRow } from './result.ts';
import { visitTags } from './tags-page.ts';

const ROUNDS = 5;

/** Visits the page of tags of repositories of several sizes. Takes about two minutes. */
export async function runPortal(run: {
  readonly sizes: readonly number[];
  readonly stores: string;
  readonly log: (line: string) => void;
}): Promise<PortalResult[]> {
  const directory = join(run.stores, 'portal');
  mkdirSync(directory, { mode: 0o755 });
  const postgres = await startTestPostgres();
  try {
    const product = await startMeasured(directory, { MOORAGE_DATABASE_URL: postgres.url });
    try {
      const browser = await launchBrowser();
      try {
        const results: PortalResult[] = [];
        for (const tags of run.sizes) {
          const repository = `tags-${tags}`;
          await seedTags(postgres.url, `${PROJECT}/${repository}`, tags);
          let best: readonly PortalRow[] = [];
          for (let round = 0; round < ROUNDS; round++) {
            const path = `/projects/${PROJECT}/r/${repository}?size=100`;
            best = better(best, await visitTags(browser, product.origin, path, CREDENTIALS));
          }
          for (const { title, milliseconds } of best)
            run.log(`portal: ${tags} tags: ${title}: ${Math.round(milliseconds)} ms`);
          results.push({ tags, rounds: ROUNDS, rows: best });
        }
        return results;
      } finally {
        await browser.close();
      }
    } finally {
      await product.stop();
    }
  } finally {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The better figure of each row. */
function better(before: readonly PortalRow[], now: readonly PortalRow[]): readonly PortalRow[] {
  return now.map((row, index) => ({
    ...row,
    milliseconds: Math.min(row.milliseconds, before[index]?.milliseconds ?? Number.POSITIVE_INFINITY),
  }));
}
