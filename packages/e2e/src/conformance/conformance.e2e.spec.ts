import { describeWith } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct } from '../target/product.ts';
import { startStandalone } from '../target/standalone.ts';
import type { Target } from '../target/target.ts';
import { type ConformanceVersion, runConformance } from './oci-conformance.ts';

/** Fewer results than this mean that the program stopped early. */
const LEAST: Readonly<Record<ConformanceVersion, number>> = { '1.1': 840, dev: 980 };

interface Run {
  readonly version: ConformanceVersion;
  readonly how: string;
  readonly settings?: Readonly<Record<string, string>>;
}

const BOTH: readonly Run[] = [
  { version: '1.1', how: 'as it is' },
  { version: 'dev', how: 'as it is' },
];
/** Without its cache the program asks for a token before each request, so every scope is asked for alone. */
const UNCACHED: Run = { version: 'dev', how: 'with a token for each request', settings: { OCI_CACHE_AUTH: 'false' } };

const TARGETS = [
  { name: 'the engine alone', start: () => startStandalone(), runs: BOTH },
  { name: 'the product', start: () => startProduct(), runs: [...BOTH, UNCACHED] },
];

describeWith(['oci-conformance'], 'OCI conformance, official program', () => {
  describe.each(TARGETS)('against $name', ({ start, runs }) => {
    let target: Target;
    beforeAll(async () => {
      target = await start();
      await target.createProject('conformance');
    });
    afterAll(() => target?.stop());

    it.each(runs)('version $version, $how, passes without a failure or a skip', async ({ version, settings }) => {
      const result = await runConformance(target, version, settings);
      expect(result.complaints).toEqual([]);
      expect(result).toMatchObject({ failures: 0, errors: 0, skipped: 0 });
      expect(result.tests).toBeGreaterThan(LEAST[version]);
    });
  });
});
