import type { Digest, Tag } from '@moorage/distribution';
import type { StayCode } from '../reachability/index.ts';

/** Why something was deleted, as its trash item and the history of its tags tell it. */
export type RemovalReason = 'deleted' | 'retention' | 'replication' | 'proxy-cache';

/** Who removes, and in which run of which policy. */
export interface RemovalOrigin {
  readonly reason: RemovalReason;
  /** A name for people: the user, robot or policy. */
  readonly by: string;
  /** The client's address, when a client asked. */
  readonly from?: string | undefined;
  readonly executionId?: number | undefined;
}

/** A manifest that went, and what took it along. */
export interface GoneArtifact {
  readonly digest: Digest;
  readonly because: 'asked' | 'accessory' | 'part';
  /** What took it along; itself when it was asked for. */
  readonly of: Digest;
  /** The one that was asked for and with which it went. */
  readonly root: Digest;
}

/** Something that stayed, with the reason as a code and in words for the user. */
export interface KeptContent {
  readonly digest: Digest | null;
  readonly tag: Tag | null;
  readonly code: StayCode;
  readonly text: string;
  /** Whether it was asked for itself; else it would have gone along. */
  readonly asked: boolean;
}

export interface RemovalOutcome {
  readonly removed: readonly GoneArtifact[];
  readonly removedTags: readonly Tag[];
  readonly kept: readonly KeptContent[];
  /** Of the trash, one for each that was asked for; none when the project keeps no trash. */
  readonly itemIds: readonly number[];
}

export const NOTHING: RemovalOutcome = { removed: [], removedTags: [], kept: [], itemIds: [] };

export function joinOutcomes(a: RemovalOutcome, b: RemovalOutcome): RemovalOutcome {
  return {
    removed: [...a.removed, ...b.removed],
    removedTags: [...a.removedTags, ...b.removedTags],
    kept: [...a.kept, ...b.kept],
    itemIds: [...a.itemIds, ...b.itemIds],
  };
}

/** Why an artifact stays, for people. `by` is the index, accessory or subject as a digest, a tag, or the words of a hold. */
export function stayText(digest: string, code: StayCode, by: string): string {
  switch (code) {
    case 'missing':
      return `${digest} does not exist any more`;
    case 'held':
      return `the artifact ${digest} is ${by} and cannot be deleted`;
    case 'immutable':
      return `the tag ${by} is immutable, so ${digest} cannot be deleted: have a maintainer change the rule first`;
    case 'part-of-index':
      return `${digest} is part of the index ${by}; delete that index first`;
    case 'accessory-kept':
      return `${digest} has the accessory ${by}, which must stay; see what keeps that one`;
    case 'subject-kept':
      return `${digest} belongs to ${by}, which stays`;
    case 'tagged':
      return by === '' ? `${digest} has tags of its own` : `${digest} has the tag ${by} of its own`;
    case 'changed':
      return by === '' ? `${digest} was tagged or pushed again meanwhile` : `${digest} got the tag ${by} meanwhile`;
  }
}

/** An outcome of several batches: what stayed in one batch and went in a later one did not stay. */
export function settled(outcome: RemovalOutcome): RemovalOutcome {
  const gone = new Set(outcome.removed.map((removed) => removed.digest));
  return {
    ...outcome,
    kept: outcome.kept.filter((stay) => stay.tag !== null || !stay.digest || !gone.has(stay.digest)),
  };
}
