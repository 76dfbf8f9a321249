import { hasProgram } from '@moorage/testing';
import { describe, expect, it } from 'vitest';
import { runCampaign } from './campaign/campaign.ts';
import { PROFILES } from './campaign/profile.ts';
import { PLANTED_BUGS } from './planted/planted-bugs.ts';

/** So few that they fit into every run; `npm run crash -- planted` tries them all. */
const TRIED_HERE = ['a tag is said to have moved and did not', 'a blob disappears after it was stored'];

describe('killed again and again while it works (R1, R14, R16, R21, R27, R28)', () => {
  it('keeps every promise', { timeout: 1_800_000 }, async () => {
    const seed = Date.now() % 1_000_000_000;
    const evidence = await runCampaign({ profile: PROFILES.smoke, seed });
    console.info(`crash harness: ${JSON.stringify({ ...evidence, operations: undefined })}`);
    expect(evidence.violations, `npm run crash -- smoke --seed ${seed}`).toEqual([]);
    const { kills, redisFlushes, diskFilled, frozen } = evidence.harm;
    expect(kills.core + kills.worker + kills.database).toBeGreaterThanOrEqual(20);
    expect(kills.database).toBeGreaterThan(0);
    expect(frozen).toBeGreaterThan(0);
    if (hasProgram('redis-server')) expect(redisFlushes).toBeGreaterThan(0);
    if (hasProgram('root')) expect(diskFilled).toBeGreaterThan(0);
    expect(evidence.work.collections).toBeGreaterThan(0);
    expect(evidence.work.collectedBlobs).toBeGreaterThan(0);
    expect(evidence.acknowledged).toBeGreaterThan(200);
    expect(evidence.lost).toBe(0);
  });

  it.each(PLANTED_BUGS.filter(({ name }) => TRIED_HERE.includes(name)))(
    'would be found out, if $name',
    { timeout: 900_000 },
    async (bug) => {
      const { violations } = await runCampaign({ profile: PROFILES.planted, seed: 7, bug });
      expect(violations.map(({ check }) => check)).toEqual(
        expect.arrayContaining([expect.stringMatching(bug.found.join('|'))]),
      );
    },
  );
});
