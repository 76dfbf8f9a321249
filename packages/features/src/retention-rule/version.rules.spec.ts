import fc from 'fast-check';
import { compare, parse, satisfies } from 'semver';
import { describe, expect, it } from 'vitest';
import { compareVersions, versionMatcher, versionOf } from './version.rules.ts';

const number = fc.oneof(
  { weight: 6, arbitrary: fc.nat(3).map(String) },
  fc.constantFrom('00', '01', '10', '', 'x', '999999999999999', '9007199254740991', '9007199254740993', '-1'),
);
const tail = fc.constantFrom('', '', '', '-rc.1', '-rc.2', '-0', '+build', '-rc.1+b', '.4', '.', '-', ' ', 'a');
const tag = fc
  .tuple(fc.constantFrom('', 'v', 'V', 'vv', '=', ' '), fc.array(number, { minLength: 2, maxLength: 4 }), tail)
  .map(([start, numbers, end]) => `${start}${numbers.join('.')}${end}`);

describe('a tag as a version', () => {
  it('is what the library makes of it, in order and in ranges', () => {
    const versions: string[] = [];
    const ranges = ['*', '^1', '>=1.0.1 <2.0.0', '~0.1'];
    const matchers = ranges.map((range) => versionMatcher({ range, prereleases: 'include' }));
    for (const text of fc.sample(tag, 5_000)) {
      const version = versionOf(text);
      const truth = parse(text);
      expect([text, version === null]).toEqual([text, truth === null]);
      if (version === null || truth === null) continue;
      const { major, minor, patch, prerelease } = version;
      expect([major, minor, patch, ...prerelease]).toEqual([
        truth.major,
        truth.minor,
        truth.patch,
        ...truth.prerelease,
      ]);
      versions.push(text);
      const meant = matchers.map((matches) => matches(version));
      expect([text, meant]).toEqual([
        text,
        ranges.map((range) => satisfies(truth, range, { includePrerelease: true })),
      ]);
    }
    expect(versions.length).toBeGreaterThan(100);
    const signs = versions.slice(1).map((text, index) => {
      const [one, other] = [versionOf(text), versionOf(versions[index] as string)];
      return one && other ? Math.sign(compareVersions(one, other)) : Number.NaN;
    });
    expect(signs).toEqual(versions.slice(1).map((text, index) => compare(text, versions[index] as string)));
  });
});
