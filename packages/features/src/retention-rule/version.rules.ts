import { AppError } from '@moorage/contracts';
import { parse, Range, type SemVer } from 'semver';

/** Which versions a rule means: a range, and what of versions such as 2.0.0-rc.1. */
export interface VersionCondition {
  readonly range: string;
  readonly prereleases: 'include' | 'exclude' | 'only';
}

/** A tag as a semantic version of three numbers, with or without v in front; null for any other tag. */
export function versionOf(tag: string): SemVer | null {
  return parse(tag);
}

/** Tells whether a version is meant. Throws BAD_REQUEST for a range that cannot be read. */
export function versionMatcher({ range, prereleases }: VersionCondition): (version: SemVer) => boolean {
  const versions = readRange(range);
  return (version) => {
    if ((version.prerelease.length > 0 ? 'exclude' : 'only') === prereleases) return false;
    return versions.test(version);
  };
}

function readRange(range: string): Range {
  try {
    return new Range(range, { includePrerelease: true });
  } catch {
    throw new AppError(
      'BAD_REQUEST',
      `versions.range: ${range} is not a range of versions; write for example ">=1.4.0 <2.0.0", "^1.4.0", "1.x" or "*".`,
    );
  }
}
