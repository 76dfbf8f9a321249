import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import { countResults } from './result.rules.ts';

/** Writes the counts of a vitest run as JSON to the file named by MOORAGE_TEST_RESULT. */
// oxlint-disable-next-line import/no-default-export -- vitest loads a reporter by its default export
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const path = process.env.MOORAGE_TEST_RESULT;
    if (!path) return;
    const tests = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const brokenModules = modules.filter((module) => module.errors().length > 0).length;
    writeFileSync(path, JSON.stringify(countResults(tests, brokenModules + unhandledErrors.length)));
  }
}
