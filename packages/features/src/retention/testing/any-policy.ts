import { type RetentionSelect, retentionSelect } from '@moorage/contracts';
import fc from 'fast-check';
import type { SeedArtifact } from './seeded-content.ts';

const ARTIFACT_TYPES = ['application/vnd.test', 'application/vnd.other'];
const tag = fc.constantFrom('v1.0.0', 'v1.0.1', 'v1.1.0', '2.0.0', 'latest', 'pr-1', 'pr-2', 'release-1', 'dev');
const age = fc.nat(30).map((days) => days + 0.5);
const artifact = fc.record({
  age,
  names: fc.uniqueArray(fc.tuple(tag, age), { maxLength: 3, selector: ([name]) => name }),
  pulledAge: fc.option(age),
  type: fc.constantFrom('IMAGE', 'CHART'),
  artifactType: fc.constantFrom(...ARTIFACT_TYPES),
  label: fc.nat(2),
  size: fc.constantFrom(10, 1000),
  isHeld: fc.nat(9).map((one) => one === 0),
  relation: fc.constantFrom('none', 'none', 'none', 'part', 'parts', 'subject', 'scheme'),
  scheme: fc.constantFrom('', '.sig', '.att', '.sbom'),
  isPlainTagged: fc.boolean(),
});
/** With the place of a label among those of the project, or none. */
export type AnyArtifact = SeedArtifact & { readonly label: number };
/** What a repository holds. */
export const content = fc.array(artifact, { maxLength: 7 }).map((all) => {
  const taken = new Set<string>();
  return all.map(({ names, relation, scheme, isPlainTagged, ...more }, index): AnyArtifact => {
    const tags = names.flatMap(([name, at]) => {
      if (taken.has(name)) return [];
      taken.add(name);
      return [{ name, age: at }];
    });
    const before = `a${index - 1}`;
    return {
      key: `a${index}`,
      ...more,
      // With a tag of the schemes beside others, or alone.
      tags: relation === 'scheme' && !isPlainTagged ? [] : tags,
      ...(relation === 'scheme' && index > 0 ? { schemeTag: { subject: before, suffix: scheme } } : {}),
      ...(relation === 'part' && index > 0 ? { parts: [before] } : {}),
      ...(relation === 'parts' && index > 1 ? { parts: [before, `a${index - 2}`] } : {}),
      ...(relation === 'subject' && index > 0 ? { subject: before } : {}),
    };
  });
});
const name = fc.oneof(
  fc.record({ excludes: fc.boolean(), pattern: fc.constantFrom('v*', 'pr-*', '*', '{latest,dev}') }),
  fc.record({
    kind: fc.constant('regex'),
    excludes: fc.boolean(),
    pattern: fc.constantFrom('^v[0-9]', '[0-9]$', 'latest|dev'),
  }),
);
const days = fc.option(fc.integer({ min: 1, max: 30 }));
const conditions = fc.record({
  tagged: fc.constantFrom('any', 'tagged', 'untagged'),
  tags: fc.array(name, { maxLength: 1 }),
  has_tags: fc.array(fc.constantFrom('v*', 'latest'), { maxLength: 1 }),
  versions: fc.option(
    fc.record({
      range: fc.constantFrom('*', '>=1.0.1', '^1'),
      prereleases: fc.constantFrom('include', 'exclude', 'only'),
    }),
  ),
  labels: fc.array(fc.record({ label_id: fc.constantFrom(1, 2), excludes: fc.boolean() }), { maxLength: 1 }),
  types: fc.array(fc.constantFrom('IMAGE', 'CHART'), { maxLength: 1 }),
  artifact_types: fc.array(fc.constantFrom(...ARTIFACT_TYPES), { maxLength: 1 }),
  pushed_within_days: days,
  pushed_before_days: days,
  pulled_within_days: days,
  not_pulled_for_days: days,
  larger_than_bytes: fc.option(fc.constant(500)),
  smaller_than_bytes: fc.option(fc.constant(500)),
});
/** Few at a time: what meets many conditions is never there. */
const someConditions = fc
  .tuple(conditions, fc.subarray(Object.keys(retentionSelect.shape) as (keyof RetentionSelect)[], { maxLength: 3 }))
  .map(([all, kinds]): Partial<typeof all> => Object.fromEntries(kinds.map((kind) => [kind, all[kind]])));
const anyRule = fc.record({
  action: fc.constantFrom('retain', 'keep', 'delete', 'delete'),
  disabled: fc.nat(5).map((one) => one === 0),
  claims: fc.boolean(),
  repositories: fc.array(
    fc.oneof(
      fc.record({ pattern: fc.constantFrom('a', 'b', '**'), excludes: fc.boolean() }),
      fc.record({ kind: fc.constant('regex'), pattern: fc.constantFrom('^a$', 'a|b'), excludes: fc.boolean() }),
    ),
    { maxLength: 1 },
  ),
  newest: fc.option(
    fc.record({
      count: fc.nat(3),
      by: fc.constantFrom('pushed', 'pulled', 'version'),
      per: fc.constantFrom('repository', 'major', 'minor'),
    }),
  ),
  select: someConditions,
});
/** Rules of every kind, and what they decide about. */
export const policy = fc.record({
  unit: fc.constantFrom<'artifact' | 'tag'>('artifact', 'tag'),
  rules: fc.array(anyRule, { minLength: 1, maxLength: 4 }),
});
