export type { Candidate, CandidateTag } from './candidate.ts';
export { type CandidateLines, candidatesOf, giveBack, joinLines, lastArtifact, LINE_FLAGS } from './candidate-lines.ts';
export { decisionText } from './decision-text.rules.ts';
export { ruleToHarbor } from './harbor-rule.rules.ts';
export { exportLifecyclePolicy } from './lifecycle-export.rules.ts';
export { importLifecyclePolicy } from './lifecycle-import.rules.ts';
export { labelsOf, numberedRules, rulesAfterHarbor } from './policy-rules.rules.ts';
export { type ArtifactDecision, type ItemDecision, RepositoryEvaluation } from './repository-evaluation.rules.ts';
export { type RuleMatcher, ruleMatcher } from './rule-matcher.rules.ts';
