import type { Checklist } from '@moorage/contracts';

/** The first steps in their order, each with what the server says of it. */
export const STEPS = ['project', 'push', 'pull', 'member', 'robot'] as const;
export type Step = (typeof STEPS)[number];

export function isStepDone(steps: Checklist, step: Step): boolean {
  return steps[`has_${step}`];
}

/** The first step that is not done; null when all are. */
export function nextStep(steps: Checklist): Step | null {
  return STEPS.find((step) => !isStepDone(steps, step)) ?? null;
}

/** The list has served its purpose once something was pushed and pulled; inviting and robots are not for everyone. */
export function isDone(steps: Checklist): boolean {
  return steps.has_project && steps.has_push && steps.has_pull;
}
