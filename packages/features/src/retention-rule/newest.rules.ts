import type { RetentionRule } from '@moorage/contracts';
import type { Candidate, Item } from './candidate.ts';
import { compareVersions, type Version } from './version.rules.ts';

/** Where an artifact stands among others; the id makes the order total. */
export interface Rank {
  readonly time: number;
  readonly version: Version | null;
  readonly id: number;
}

/** A rank, and the group it is counted in. */
export interface GroupRank {
  readonly group: string;
  readonly rank: Rank;
}

/** The best ranks seen, at most `count` of them: a heap with the least of them on top. */
export class NewestRanks {
  readonly #count: number;
  readonly #heap: Rank[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /** Each artifact once. */
  add(rank: Rank): void {
    const heap = this.#heap;
    if (heap.length < this.#count) {
      heap.push(rank);
      this.#rise(heap.length - 1);
    } else if (heap[0] !== undefined && compareRanks(rank, heap[0]) > 0) {
      heap[0] = rank;
      this.#sink();
    }
  }

  /** Whether a rank is one of those kept, once all were added. */
  has(rank: Rank): boolean {
    const least = this.#heap[0];
    if (least === undefined) return false;
    return this.#heap.length < this.#count || compareRanks(rank, least) >= 0;
  }

  #rise(from: number): void {
    const heap = this.#heap;
    const rank = heap[from] as Rank;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (compareRanks(heap[above] as Rank, rank) <= 0) break;
      heap[at] = heap[above] as Rank;
      at = above;
    }
    heap[at] = rank;
  }

  #sink(): void {
    const heap = this.#heap;
    const rank = heap[0] as Rank;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      const other = below + 1;
      if (other < heap.length && compareRanks(heap[other] as Rank, heap[below] as Rank) < 0) below = other;
      if (compareRanks(heap[below] as Rank, rank) >= 0) break;
      heap[at] = heap[below] as Rank;
      at = below;
    }
    heap[at] = rank;
  }
}

/** The group an item is counted in, and its rank there, for a rule with `newest`. */
export function rankOf(newest: NonNullable<RetentionRule['newest']>, candidate: Candidate, item: Item): GroupRank {
  const needsVersion = newest.by === 'version' || newest.per !== 'repository';
  const version = needsVersion ? item.version : null;
  const time = newest.by === 'pulled' ? (item.pulledAt ?? 0) : item.pushedAt;
  return {
    group: groupOf(newest.per, version),
    rank: { time, version: newest.by === 'version' ? version : null, id: candidate.id },
  };
}

function groupOf(per: 'repository' | 'major' | 'minor', version: Version | null): string {
  if (per === 'repository' || version === null) return '';
  return per === 'major' ? String(version.major) : `${version.major}.${version.minor}`;
}

/** Above 0 when the first is newer. */
export function compareRanks(one: Rank, other: Rank): number {
  if (one.version !== null && other.version !== null) {
    const order = compareVersions(one.version, other.version);
    if (order !== 0) return order;
  }
  return one.time - other.time || one.id - other.id;
}
