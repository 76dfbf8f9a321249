import { describe, expect, it } from 'vitest';
import { coverageOf, expandIds } from './security-report.rules.ts';
import { titlesOf } from './test-titles.ts';

describe('the security report', () => {
  it('finds titles behind modifiers, in templates and in groups with programs', () => {
    const text = `
      describe.each([1])('group S1', () => {
        it.each(rows)('each %s (S2)', () => {});
        it(\`template \${x} S3\`, () => {});
        test.skipIf(true)('skipped S4', () => { call('not S9'); });
      });
      describeWith(['docker'], 'with a program S5', () => {});`;
    expect(titlesOf(text)).toEqual(['group S1', 'each %s (S2)', 'template ${x} S3', 'skipped S4', 'with a program S5']);
  });

  it('lists what is covered in order, and what is not', () => {
    const files = [
      { path: 'b.spec.ts', titles: ['S10 and R2', 'SHA256 is no id, S2561 neither'] },
      { path: 'a.spec.ts', titles: ['refuses (S9)'] },
    ];
    const { covered, missing } = coverageOf(files, expandIds('S8-S10 S12'));
    expect([...covered.keys()]).toEqual(['R2', 'S9', 'S10']);
    expect(covered.get('S9')).toEqual(['refuses (S9) (a.spec.ts)']);
    expect(missing).toEqual(['S8', 'S12']);
  });

  it('keeps apart what has a reason, and tells which reasons are outdated', () => {
    const files = [{ path: 'a.spec.ts', titles: ['S1 is refused'] }];
    const coverage = coverageOf(files, expandIds('S1-S3'), { S1: 'no such feature', S2: 'no exports', S9: 'other' });
    expect(coverage.missing).toEqual(['S3']);
    expect([...coverage.notApplicable]).toEqual([['S2', 'no exports']]);
    expect(coverage.outdatedReasons).toEqual(['S1', 'S9']);
  });
});
