import { AppError } from '@moorage/contracts';
import { compare, parse, Range, SemVer } from 'semver';

/** Which versions a rule means: a range, and what of versions such as 2.0.0-rc.1. */
export interface VersionCondition {
  readonly range: string;
  readonly prereleases: 'include' | 'exclude' | 'only';
}

/** A semantic version; those with more than three numbers are of the library. */
export type Version = SemVer | Release;

const NOTHING: readonly never[] = [];

/** A version of three numbers and nothing else: most are, and so they need not be parsed by regular expressions. */
class Release {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease = NOTHING;

  constructor(major: number, minor: number, patch: number) {
    this.major = major;
    this.minor = minor;
    this.patch = patch;
  }

  toString(): string {
    return `${this.major}.${this.minor}.${this.patch}`;
  }
}

/** A tag as a semantic version of three numbers, with or without v in front; null for any other tag. */
export function versionOf(tag: string): Version | null {
  return releaseOf(tag) ?? parse(tag);
}

/** Above 0 when the first is the higher one. */
export function compareVersions(one: Version, other: Version): number {
  const order = one.major - other.major || one.minor - other.minor || one.patch - other.patch;
  if (order !== 0 || (one instanceof Release && other instanceof Release)) return order;
  return compare(String(one), String(other));
}

/** Tells whether a version is meant. Throws BAD_REQUEST for a range that cannot be read. */
export function versionMatcher({ range, prereleases }: VersionCondition): (version: Version) => boolean {
  const versions = readRange(range);
  const isEvery = range === '*';
  return (version) => {
    if ((version.prerelease.length > 0 ? 'exclude' : 'only') === prereleases) return false;
    return isEvery || versions.test(version instanceof SemVer ? version : String(version));
  };
}

const DOT = 0x2e;
const ZERO = 0x30;
const LOWER_V = 0x76;
/** Numbers of more digits are left to the library. */
const MAX_DIGITS = 15;

/** Null for whatever is not three plain numbers. */
function releaseOf(tag: string): Release | null {
  const numbers: number[] = [];
  let at = tag.charCodeAt(0) === LOWER_V ? 1 : 0;
  for (;;) {
    const from = at;
    let value = 0;
    for (let digit = tag.charCodeAt(at) - ZERO; digit >= 0 && digit <= 9; digit = tag.charCodeAt(at) - ZERO) {
      value = value * 10 + digit;
      at += 1;
    }
    const digits = at - from;
    if (digits === 0 || digits > MAX_DIGITS || (digits > 1 && tag.charCodeAt(from) === ZERO)) return null;
    numbers.push(value);
    if (numbers.length === 3) break;
    if (tag.charCodeAt(at) !== DOT) return null;
    at += 1;
  }
  const [major = 0, minor = 0, patch = 0] = numbers;
  return at === tag.length ? new Release(major, minor, patch) : null;
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
