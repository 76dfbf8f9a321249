import type { RetentionReason, RetentionRule } from '@moorage/contracts';

/** A decision in one sentence, for people. */
export function decisionText(
  decision: { readonly isDeleted: boolean; readonly reason: RetentionReason; readonly ruleId: number | null },
  rules: readonly RetentionRule[],
): string {
  const { isDeleted, reason, ruleId } = decision;
  switch (reason) {
    case 'rule': {
      const name = rules.find(({ id }) => id === ruleId)?.name ?? '';
      return `Rule ${ruleId}${name === '' ? '' : ` (${name})`} ${isDeleted ? 'deletes' : 'keeps'} it.`;
    }
    case 'not-retained':
      return 'No rule retains it.';
    case 'not-covered':
      return 'No rule is about it.';
    case 'nothing-matches':
      return 'The rules that retain match nothing in this repository, so nothing goes.';
    case 'sibling':
      return 'Another tag keeps its artifact.';
    case 'immutable':
      return 'The tag is immutable.';
    case 'held':
      return 'Its artifact is locked or under legal hold.';
    case 'referenced':
      return 'It is part of an index: it stays as long as that does.';
  }
}
