import { type Version, versionOf } from './version.rules.ts';

/** An artifact as rules look at it. Times are milliseconds since 1970. */
export interface Candidate {
  readonly id: number;
  readonly digest: string;
  /** Harbor's type, such as IMAGE. */
  readonly type: string;
  /** Its artifactType, else the media type of its config; empty for neither. */
  readonly artifactType: string;
  /** Bytes. */
  readonly size: number;
  readonly pushedAt: number;
  /** Since when it has no tag, and nobody pushed it or a part of it again. */
  readonly untaggedAt: number;
  /** Last pull by whatever reference; null for never. */
  readonly pulledAt: number | null;
  readonly labels: readonly number[];
  /** Locked, or under legal hold. */
  readonly isHeld: boolean;
  /** Part of an index that is there. */
  readonly isPart: boolean;
  /** By name; none for an artifact without a tag. */
  readonly tags: readonly CandidateTag[];
}

export interface CandidateTag {
  readonly name: string;
  readonly pushedAt: number;
  readonly pulledAt: number | null;
  readonly isImmutable: boolean;
}

/** What is decided by itself: a tag, or an artifact without one. */
export class Item {
  readonly tag: CandidateTag | null;
  /** When it was pushed, or lost its last tag. */
  readonly pushedAt: number;
  /** Its last pull; null for never. */
  readonly pulledAt: number | null;
  #version: Version | null | undefined;

  constructor(tag: CandidateTag | null, pushedAt: number, pulledAt: number | null) {
    this.tag = tag;
    this.pushedAt = pushedAt;
    this.pulledAt = pulledAt;
  }

  /** Its last pull; its push when it was never pulled. */
  get usedAt(): number {
    return this.pulledAt === null ? this.pushedAt : Math.max(this.pulledAt, this.pushedAt);
  }

  /** The tag as a version, read when somebody asks for it, and once. */
  get version(): Version | null {
    if (this.#version === undefined) this.#version = this.tag === null ? null : versionOf(this.tag.name);
    return this.#version;
  }
}

/**
 * What there is to decide of an artifact. Where a kept tag keeps its siblings (`artifact`), they share the newest times
 * too, as in Harbor (RET-5). A pull by digest counts for every tag: nobody can tell which one it came through.
 */
export function itemsOf(candidate: Candidate, unit: 'artifact' | 'tag'): readonly Item[] {
  const { tags, pulledAt } = candidate;
  if (tags.length === 0) return [new Item(null, candidate.untaggedAt, pulledAt)];
  if (unit === 'tag') {
    return tags.map((tag) => new Item(tag, tag.pushedAt, laterOf(tag.pulledAt, pulledAt)));
  }
  const pushed = tags.reduce((latest, tag) => Math.max(latest, tag.pushedAt), candidate.pushedAt);
  const pulled = tags.reduce((latest, tag) => laterOf(latest, tag.pulledAt), pulledAt);
  return tags.map((tag) => new Item(tag, pushed, pulled));
}

function laterOf(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}
