import type { Sql } from '@moorage/database';
import type { Digest } from '@moorage/distribution';
import { decide, type Decision, loadGraph } from '../reachability/index.ts';
import { digestFromHex } from './digest-column.rules.ts';
import { type GoneArtifact, type KeptContent, stayText } from './removal.rules.ts';

/** What a removal of artifacts would do now. */
export interface RemovalDecision {
  readonly removed: readonly GoneArtifact[];
  readonly kept: readonly KeptContent[];
  /** Rows of everything that was looked at. */
  readonly ids: ReadonlyMap<Digest, number>;
  /** How many tags go with the artifacts. */
  readonly tagCount: number;
}

/** Decides as `ContentRemoval.removeArtifacts` with `along` does, about all roots at once; locks and changes nothing. */
export async function decisionOf(
  sql: Sql,
  request: { readonly projectId: number; readonly repositoryId: number; readonly roots: readonly string[] },
): Promise<RemovalDecision> {
  const graph = await loadGraph(sql, { ...request, along: true, lock: false });
  const decision = decide(
    graph,
    request.roots.map((digest) => ({ digest })),
    true,
  );
  const counts = new Map(graph.nodes.map((node) => [node.digest, node.tagCount]));
  return {
    removed: goneOf(decision),
    kept: keptOf(decision),
    ids: new Map([...graph.ids].map(([hex, id]) => [digestFromHex(hex), id])),
    tagCount: decision.goes.reduce((sum, gone) => sum + (counts.get(gone.digest) ?? 0), 0),
  };
}

/** What goes, with digests as people write them. */
export function goneOf(decision: Decision): GoneArtifact[] {
  return decision.goes.map((gone) => ({
    digest: digestFromHex(gone.digest),
    because: gone.because,
    of: digestFromHex(gone.of),
    root: digestFromHex(gone.root),
  }));
}

/** What stays, with its reason in words. */
export function keptOf(decision: Decision): KeptContent[] {
  return decision.stays.map(({ digest, code, by, asked }) => {
    const shown = digestFromHex(digest);
    const isDigest = code === 'part-of-index' || code === 'accessory-kept' || code === 'subject-kept';
    return { digest: shown, tag: null, code, asked, text: stayText(shown, code, isDigest ? digestFromHex(by) : by) };
  });
}
