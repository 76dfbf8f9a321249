import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Graph, type GraphNode, schemeRangeOf, schemeTagsOf } from './reachability.rules.ts';
import { RepositoryModel } from './testing/repository-model.ts';

const hex = (n: number) => `12${n.toString(16).padStart(64, '0')}`;
const [S, A, B, C] = [hex(1), hex(2), hex(3), hex(4)];

function node(digest: string, facts: Partial<GraphNode> = {}): GraphNode {
  const tags = facts.tags ?? [];
  return {
    digest,
    tags,
    tagCount: tags.length,
    immutableTags: [],
    hold: null,
    subjects: [],
    outsideSubjects: [],
    outsideParent: null,
    touchedAt: 0,
    ...facts,
  };
}
const graph = (nodes: GraphNode[], parts: [string, string][] = []): Graph => ({
  nodes,
  parts: parts.map(([parent, part]) => ({ parent, part })),
});
const going = (g: Graph, ...roots: string[]) =>
  decide(
    g,
    roots.map((digest) => ({ digest })),
    true,
  )
    .goes.map((gone) => gone.digest)
    .sort();
const reasons = (g: Graph, ...roots: string[]) =>
  decide(
    g,
    roots.map((digest) => ({ digest })),
    true,
  ).stays.map(({ digest, code, by }) => [digest, code, by]);

describe('what goes along', () => {
  it('is a signature by subject, by cosign tag and by fallback tag, and what the fallback index lists', () => {
    const [signature = '', , ,] = schemeTagsOf(S).slice(1);
    const [fallback = ''] = schemeTagsOf(S);
    const g = graph(
      [
        node(S, { tags: ['v1'] }),
        node(A, { subjects: [S] }),
        node(B, { tags: [signature] }),
        node(C, { tags: [fallback] }),
      ],
      [[C, A]],
    );
    expect(going(g, S)).toEqual([S, A, B, C].sort());
  });

  it('is not a signature that something else needs: another index, an own tag', () => {
    const listed = graph([node(S), node(A, { subjects: [S], outsideParent: B })]);
    expect(going(listed, S)).toEqual([S]);
    expect(reasons(listed, S)).toEqual([[A, 'part-of-index', B]]);
    const tagged = graph([node(S), node(A, { subjects: [S], tags: ['sbom'] })]);
    expect(going(tagged, S)).toEqual([S]);
    expect(reasons(tagged, S)).toEqual([[A, 'tagged', 'sbom']]);
  });

  it('is not a signature that a deleted fallback index lists while its subject stays (S114)', () => {
    const g = graph(
      [node(C, { tags: [schemeTagsOf(S)[0] ?? ''] }), node(A, { subjects: [S], outsideSubjects: [S] })],
      [[C, A]],
    );
    expect(going(g, C)).toEqual([C]);
    expect(reasons(g, C)).toEqual([[A, 'subject-kept', S]]);
  });

  it('is nothing when only the manifest itself was meant', () => {
    expect(decide(graph([node(S)]), [{ digest: S }], false).goes).toHaveLength(1);
  });
});

describe('what stays', () => {
  it('is the part of an index that stays, and goes when both are asked for', () => {
    expect(reasons(graph([node(A, { outsideParent: B })]), A)).toEqual([[A, 'part-of-index', B]]);
    expect(going(graph([node(B), node(A, { tags: ['a'] })], [[B, A]]), A, B)).toEqual([A, B].sort());
    expect(going(graph([node(B, { hold: 'under legal hold' }), node(A)], [[B, A]]), A, B)).toEqual([]);
  });

  it('is what is held or immutable, and the subject of a signature that is', () => {
    expect(reasons(graph([node(S), node(A, { subjects: [S], hold: 'under legal hold' })]), S)).toEqual([
      [S, 'accessory-kept', A],
      [A, 'held', 'under legal hold'],
    ]);
    expect(reasons(graph([node(S, { tags: ['v1'], immutableTags: ['v1'] })]), S)).toEqual([[S, 'immutable', 'v1']]);
  });

  it('is the subject of a signature whose own signature is held, whatever else keeps that signature', () => {
    const held = node(B, { subjects: [A], hold: 'under legal hold' });
    const listed = graph([node(S), node(A, { subjects: [S], outsideParent: C }), held]);
    expect(going(listed, S)).toEqual([]);
    expect(reasons(listed, S)).toContainEqual([S, 'accessory-kept', A]);
  });

  it('is an artifact that got a tag the decision did not know', () => {
    const g = graph([node(S, { tags: ['a', 'b'] })]);
    const known = (...tags: string[]) => decide(g, [{ digest: S, knownTags: new Set(tags) }], true);
    expect(known('a', 'b', 'c').goes).toHaveLength(1);
    expect(known('a').stays).toMatchObject([{ code: 'changed', by: 'b' }]);
    expect(decide(graph([]), [{ digest: S }], true).stays).toMatchObject([{ code: 'missing', asked: true }]);
  });
});

/** Random operations as data; numbers choose among what is there. */
const operation = fc.oneof(
  fc.record({ kind: fc.constant('image' as const), tag: fc.nat(5) }),
  fc.record({ kind: fc.constant('index' as const), parts: fc.array(fc.nat(30), { maxLength: 3 }), tag: fc.nat(5) }),
  fc.record({ kind: fc.constant('accessory' as const), of: fc.nat(30), how: fc.nat(3) }),
  fc.record({ kind: fc.constant('tag' as const), on: fc.nat(30), tag: fc.nat(8) }),
  fc.record({ kind: fc.constant('untag' as const), tag: fc.nat(30) }),
  fc.record({ kind: fc.constant('hold' as const), on: fc.nat(30) }),
  fc.record({ kind: fc.constant('freeze' as const), tag: fc.nat(30) }),
  fc.record({
    kind: fc.constant('delete' as const),
    roots: fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }),
    along: fc.boolean(),
  }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

let serial = 0;
function perform(model: RepositoryModel, step: Operation): void {
  const digests = [...model.manifests.keys()];
  const at = (n: number) => digests[n % digests.length] ?? '';
  const add = (parts: string[], subject: string | null) => {
    const digest = hex(++serial);
    model.manifests.set(digest, { digest, parts, subject, isHeld: false });
    return digest;
  };
  const setTag = (tag: string, digest: string) => {
    const before = model.tags.get(tag) ?? '';
    if (digest !== '' && !model.immutable.has(tag) && !model.manifests.get(before)?.isHeld) model.tags.set(tag, digest);
  };
  switch (step.kind) {
    case 'image':
      setTag(`t${step.tag}`, add([], null));
      break;
    case 'index':
      setTag(`i${step.tag}`, add([...new Set(step.parts.map(at).filter((part) => part !== ''))], null));
      break;
    case 'accessory': {
      const subject = at(step.of);
      if (subject === '') break;
      if (step.how === 0) add([], subject);
      else if (step.how === 3) setTag(schemeTagsOf(subject)[0] ?? '', add(model.accessoriesOf(subject), null));
      else setTag(schemeTagsOf(subject)[step.how] ?? '', add([], null));
      break;
    }
    case 'tag':
      setTag(`x${step.tag}`, at(step.on));
      break;
    case 'untag': {
      const tag = [...model.tags.keys()][step.tag % Math.max(model.tags.size, 1)] ?? '';
      if (!model.immutable.has(tag) && !model.manifests.get(model.tags.get(tag) ?? '')?.isHeld) model.tags.delete(tag);
      break;
    }
    case 'hold': {
      const held = model.manifests.get(at(step.on));
      if (held) model.manifests.set(held.digest, { ...held, isHeld: true });
      break;
    }
    case 'freeze': {
      const tag = [...model.tags.keys()][step.tag % Math.max(model.tags.size, 1)];
      if (tag !== undefined) model.immutable.add(tag);
      break;
    }
    case 'delete':
      checkedDelete(
        model,
        step.roots.map(at).filter((root) => root !== ''),
        step.along,
      );
  }
}

/** Deletes, and checks everything that a deletion must never do. */
function checkedDelete(model: RepositoryModel, roots: string[], along: boolean): void {
  const asked = roots.map((digest) => ({ digest }));
  const before = { manifests: new Map(model.manifests), tags: new Map(model.tags) };
  const cut = model.graph(roots, { along });
  const decision = decide(cut, asked, along);
  const goes = decision.goes.map((gone) => gone.digest).sort();
  const shuffled = { nodes: [...cut.nodes].reverse(), parts: [...cut.parts].reverse() };
  expect(
    decide(shuffled, asked, along)
      .goes.map((gone) => gone.digest)
      .sort(),
  ).toEqual(goes);
  if (along) {
    const whole = decide(model.graph(roots, { along, whole: true }), asked, along);
    expect(whole.goes.map((gone) => gone.digest).sort()).toEqual(goes);
  }
  const accessories = new Map([...before.manifests.keys()].map((digest) => [digest, model.accessoriesOf(digest)]));
  model.apply(decision);
  for (const manifest of model.manifests.values()) {
    for (const part of manifest.parts) expect(model.manifests.has(part)).toBe(true);
    for (const accessory of accessories.get(manifest.digest) ?? []) {
      expect(model.manifests.has(accessory) || roots.includes(accessory)).toBe(true);
    }
  }
  for (const [tag, digest] of before.tags) {
    if (model.tags.has(tag)) continue;
    expect(model.immutable.has(tag)).toBe(false);
    const belongs = goes.flatMap(schemeTagsOf).includes(tag);
    expect(roots.includes(digest) || belongs).toBe(true);
  }
  for (const digest of goes) expect(before.manifests.get(digest)?.isHeld).toBe(false);
  for (const stay of decision.stays) expect(goes).not.toContain(stay.digest);
}

describe('what was pushed again after who decided had looked', () => {
  const decided = (nodes: GraphNode[]) =>
    decide(graph(nodes, [[A, B]]), [{ digest: A, knownTags: new Set(), knownUntil: 1_000 }], true);

  it('stays', () => {
    const { goes, stays } = decided([node(A, { touchedAt: 1_001 }), node(B)]);
    expect(goes).toEqual([]);
    expect(stays).toEqual([{ digest: A, code: 'changed', by: '', asked: true }]);
  });

  it('stays as a part, without its index', () => {
    const { goes, stays } = decided([node(A, { touchedAt: 1_000 }), node(B, { touchedAt: 1_001 })]);
    expect(goes.map(({ digest }) => digest)).toEqual([A]);
    expect(stays).toEqual([{ digest: B, code: 'changed', by: '', asked: false }]);
  });

  it('goes as an accessory of what goes', () => {
    const { goes } = decided([node(A, { touchedAt: 1_000 }), node(C, { subjects: [A], touchedAt: 1_001 })]);
    expect(goes.map(({ digest }) => digest).sort()).toEqual([A, C].sort());
  });
});

it('P7 R9 X3 X4 X5 S75 S84 S114: no sequence of operations makes a tag, a part or a signature unpullable', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 40 }), (steps) => {
      const model = new RepositoryModel();
      for (const step of steps) perform(model, step);
      for (const [, digest] of model.tags) expect(model.manifests.has(digest)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

it('finds the digests of a tag of the tag schemes, and none for other tags', () => {
  for (const digest of [`12${'a1'.repeat(32)}`, `13${'b2'.repeat(32)}${'c3'.repeat(32)}`]) {
    for (const tag of schemeTagsOf(digest)) {
      const { first, last } = schemeRangeOf(tag) ?? { first: '', last: '' };
      expect(first <= digest && digest <= last).toBe(true);
      expect([first.length, last.length]).toEqual([digest.length, digest.length]);
    }
    const [tag = ''] = schemeTagsOf(digest);
    for (const other of ['', 'v1', `${tag}.txt`, `${tag}0`, tag.slice(1), tag.toUpperCase(), tag.replace('-', ':')]) {
      expect(schemeRangeOf(other)).toBeNull();
    }
  }
});
