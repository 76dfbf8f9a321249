import type { BodyInputOf, previewRemoval, ResponseOf } from '@moorage/contracts';

/** What is to be removed: tags alone, or artifacts with all that hangs on them; named, or all that match a filter. */
export type RemovalRequest = BodyInputOf<typeof previewRemoval>;
export type RemovalPreview = ResponseOf<typeof previewRemoval>;

/** More than this many tags or artifacts are removed in the background, with progress, instead of within a request. */
const RUN_ABOVE = 200;

/** Whether a removal of that size goes on in the background. */
export function takesLong(count: number): boolean {
  return count > RUN_ABOVE;
}

/** How far a run is, in percent. */
export function shareDone(run: { readonly total: number; readonly removed: number; readonly kept: number }): number {
  return run.total === 0 ? 100 : ((run.removed + run.kept) / run.total) * 100;
}

interface Choice {
  readonly tags: readonly { readonly name: string; readonly digest: string }[];
  readonly matching: { readonly q: string | undefined } | undefined;
}

/** The request for what a person chose in the list of tags. Artifacts of chosen tags are named by digest, each once. */
export function removalOf(mode: RemovalRequest['mode'], choice: Choice): RemovalRequest {
  if (choice.matching) return { mode, matching: { kind: 'tags', q: choice.matching.q ?? '' } };
  return mode === 'untag'
    ? { mode, tags: choice.tags.map((tag) => tag.name) }
    : { mode, digests: [...new Set(choice.tags.map((tag) => tag.digest))] };
}

/** The artifacts of what a person chose in the list of tags, for labels. */
export function labelTargetOf(choice: Choice) {
  if (choice.matching) return { matching: { kind: 'tags' as const, q: choice.matching.q ?? '' } };
  return { tags: choice.tags.map((tag) => tag.name) };
}

/** What was kept although the preview did not say so: it changed between looking and deleting. */
export function surprises<Row extends { readonly kind: string; readonly name: string; readonly digest: string }>(
  kept: readonly Row[],
  announced: readonly Row[],
): readonly Row[] {
  const known = new Set(announced.map(keyOf));
  return kept.filter((row) => !known.has(keyOf(row)));
}

function keyOf(row: { readonly kind: string; readonly name: string; readonly digest: string }): string {
  return `${row.kind} ${row.name} ${row.digest}`;
}
