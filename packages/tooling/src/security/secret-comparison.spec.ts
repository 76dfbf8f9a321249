import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../root.ts';
import { secretComparisons } from './secret-comparison.rules.ts';

/** Both sides were sent by the same caller, who knows them: nothing is learnt from the time. */
const HARMLESS: readonly string[] = [
  'oldPassword === newPassword',
  // Whether what was sent is spelt in its one form.
  "signature.toString('base64url') !== mac",
];

describe('S7 secrets', () => {
  it('are found where they are compared byte by byte', () => {
    const text = `
      if (given.secret === stored) {}
      if (mac !== expected) {}
      if (csrfToken == other) {}
      if (secret === undefined || password === '' || kind === 'secret') {}
      if (equalSecrets(secret, stored)) {}`;
    expect(secretComparisons(text)).toEqual([
      '2: given.secret === stored',
      '3: mac !== expected',
      '4: csrfToken == other',
    ]);
  });

  it('S7 are compared in constant time everywhere on the server', async () => {
    const found: string[] = [];
    for await (const path of glob(
      ['packages/{features,distribution,config}/src/**/*.ts', 'apps/{core,worker}/src/**/*.ts'],
      { cwd: ROOT },
    )) {
      if (path.endsWith('.spec.ts') || path.includes('/testing/')) continue;
      for (const comparison of secretComparisons(await readFile(join(ROOT, path), 'utf8'))) {
        if (!HARMLESS.some((text) => comparison.endsWith(text))) found.push(`${path}:${comparison}`);
      }
    }
    expect(found).toEqual([]);
  });
});
