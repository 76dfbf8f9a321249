/* oxlint-disable vitest/no-conditional-tests, vitest/valid-title, vitest/valid-describe-callback, vitest/expect-expect, vitest/no-disabled-tests -- declares suites for others instead of being one */
import { appendFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { hasProgram, installCommand, isObtainable } from './programs.ts';

/**
 * `describe` for a suite that needs programs. Without one of them the suite is skipped under a title that names the
 * program and how to install it, and one JSON line `{suite, program, install}` per missing program goes to the file
 * named by MOORAGE_SKIP_LOG. With MOORAGE_REQUIRE_ALL=1 it fails instead, except for what no package registry serves.
 */
export function describeWith(programs: readonly string[], title: string, body: () => void): void {
  const missing = programs.filter((program) => !hasProgram(program));
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const needs = missing.map((program) => `${program} (${installCommand(program)})`).join(', ');
  if (process.env.MOORAGE_REQUIRE_ALL === '1' && missing.some(isObtainable)) {
    describe(title, () => {
      it('has the programs it needs', () => {
        throw new Error(`MOORAGE_REQUIRE_ALL=1, but this machine lacks ${needs}`);
      });
    });
    return;
  }
  for (const program of missing) recordSkip(title, program);
  describe.skip(`${title} [skipped, needs ${needs}]`, body);
}

function recordSkip(suite: string, program: string): void {
  const log = process.env.MOORAGE_SKIP_LOG;
  if (log) appendFileSync(log, `${JSON.stringify({ suite, program, install: installCommand(program) })}\n`);
}
