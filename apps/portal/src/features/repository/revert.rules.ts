import type { TagMove } from '@moorage/contracts';

/** A tag and what it is to point at. */
export interface TagRevert {
  readonly tag: string;
  readonly digest: string;
}

/** One way back from a move of a tag. */
export interface WayBack {
  /** `again`: to where the move went; `undo`: to where it came from. */
  readonly id: 'again' | 'undo';
  readonly digest: string;
  /** Why it cannot be gone: the artifact was deleted, or lies in the trash. */
  readonly gone: 'gone' | 'inTrash' | null;
}

/** The ways back from a move. What it came from may be gone as well: the server knows, and says so when asked. */
export function revertsOf(move: TagMove): readonly WayBack[] {
  const ways: WayBack[] = [];
  if (move.old_digest !== undefined && move.old_digest !== move.new_digest) {
    ways.push({ id: 'undo', digest: move.old_digest, gone: null });
  }
  if (move.new_digest !== undefined) {
    const gone = move.exists ? null : move.in_trash ? 'inTrash' : 'gone';
    ways.push({ id: 'again', digest: move.new_digest, gone });
  }
  return ways;
}
