import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../root.ts';
import { NOT_APPLICABLE_YET } from './not-applicable-yet.ts';
import { coverageOf, expandIds } from './security-report.rules.ts';
import { titlesOf } from './test-titles.ts';

/** The attacks and failures that what is built so far must withstand, by their ids. */
const WANTED = expandIds('S1-S58 S61-S85 S88-S92 S95 S96 S98-S105 S108-S112 S114 S116-S118');

/** Test files, and the suites that several test files run against different targets. */
const TESTS = ['{apps,packages}/*/{src,test}/**/*.spec.{ts,tsx}', 'packages/*/src/testing/**/*.ts'];

/** Prints which security items the titles of tests name, and which of the wanted ones none does. */
export async function printSecurityReport(): Promise<void> {
  const files = [];
  for await (const path of glob(TESTS, { cwd: ROOT })) {
    const text = await readFile(join(ROOT, path), 'utf8');
    files.push({ path, titles: titlesOf(text) });
  }
  const { covered, missing, notApplicable, outdatedReasons } = coverageOf(
    files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    WANTED,
    NOT_APPLICABLE_YET,
  );
  for (const [id, titles] of covered) console.log([id, ...titles.map((title) => `  ${title}`)].join('\n'));
  console.log(
    `\n${WANTED.length - missing.length - notApplicable.size} of ${WANTED.length} wanted items are named by a test.`,
  );
  for (const [id, reason] of notApplicable) console.log(`${id} does not apply yet: ${reason}`);
  if (missing.length > 0) console.log(`Without a test: ${missing.join(' ')}`);
  if (outdatedReasons.length > 0)
    console.log(`Remove from not-applicable-yet.ts, a test names them: ${outdatedReasons.join(' ')}`);
}
