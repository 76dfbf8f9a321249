import { describe, expect, it } from 'vitest';
import { decide, type Graph, type GraphNode } from './reachability.rules.ts';

const hex = (n: number) => `12${n.toString(16).padStart(64, '0')}`;

function node(n: number, facts: Partial<GraphNode> = {}): GraphNode {
  return {
    digest: hex(n),
    tags: [],
    tagCount: 0,
    immutableTags: [],
    hold: null,
    subjects: [],
    outsideSubjects: [],
    outsideParent: null,
    touchedAt: 0,
    ...facts,
  };
}

/** Two indexes on each level, each of which lists both of the next: 2^levels ways to the last. */
function diamond(levels: number, last: Partial<GraphNode> = {}): Graph {
  const nodes = Array.from({ length: 2 * levels }, (_, n) => node(n, n >= 2 * levels - 2 ? last : {}));
  const parts = Array.from({ length: levels - 1 }, (_, level) =>
    [0, 1].flatMap((from) => [0, 1].map((to) => ({ parent: hex(2 * level + from), part: hex(2 * level + 2 + to) }))),
  ).flat();
  return { nodes, parts };
}

// Whoever walked ways instead of artifacts, or looked at all for each that stays, would not come to an end here.
describe('S114 a graph that was made to be walked for ever', () => {
  it('goes level by level, where 2^20 ways lead to the last', () => {
    const roots = [{ digest: hex(0) }, { digest: hex(1) }];
    expect(decide(diamond(21), roots, true).goes).toHaveLength(42);
  });

  it('stays where something below is held, however many ways lead there', () => {
    const decision = decide(diamond(21, { hold: 'under legal hold' }), [{ digest: hex(0) }, { digest: hex(1) }], true);
    expect(decision.goes.map(({ digest }) => digest)).not.toContain(hex(40));
    expect(decision.stays.filter(({ code }) => code === 'held')).toHaveLength(2);
  });

  it('goes with those of 100,000 referrers that nothing keeps', () => {
    const referrers = 100_000;
    const graph: Graph = {
      nodes: [
        node(0),
        ...Array.from({ length: referrers }, (_, n) =>
          node(n + 1, { subjects: [hex(0)], ...(n % 2 === 0 ? { tags: ['own'], tagCount: 1 } : {}) }),
        ),
      ],
      parts: [],
    };
    expect(decide(graph, [{ digest: hex(0) }], true).goes).toHaveLength(referrers / 2 + 1);
  }, 120_000);

  it('ends where signatures sign each other in a ring', () => {
    const ring = 1000;
    const graph: Graph = {
      nodes: Array.from({ length: ring }, (_, n) => node(n, { subjects: [hex((n + 1) % ring)] })),
      parts: [],
    };
    expect(decide(graph, [{ digest: hex(0) }], true).goes).toHaveLength(ring);
  });

  it('is kept by the deepest of 100 signatures, each of which signs the one before', () => {
    const deep = 100;
    const graph: Graph = {
      nodes: Array.from({ length: deep }, (_, n) =>
        node(n, { subjects: n === 0 ? [] : [hex(n - 1)], hold: n === deep - 1 ? 'under legal hold' : null }),
      ),
      parts: [],
    };
    const decision = decide(graph, [{ digest: hex(0) }], true);
    expect(decision.goes).toEqual([]);
    expect(decision.stays).toHaveLength(deep);
  });
});
