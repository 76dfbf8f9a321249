/** States of runs and tasks. */
export const JOB_STATES = ['Pending', 'Scheduled', 'Waiting', 'Running', 'Success', 'Error', 'Stopped'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** The state of that name; null for one of a newer server. Harbor's wire writes some in other words. */
export function jobStateOf(text: string): JobState | null {
  const same = JOB_STATES.find((state) => state.toLowerCase() === text.toLowerCase());
  if (same !== undefined) return same;
  const other: Readonly<Record<string, JobState>> = {
    succeed: 'Success',
    succeeded: 'Success',
    failed: 'Error',
    inprogress: 'Running',
    'in progress': 'Running',
  };
  return other[text.toLowerCase()] ?? null;
}

/** Whether something may still change by itself, or waits for somebody. */
export function isOpen(text: string): boolean {
  const state = jobStateOf(text);
  return state === 'Pending' || state === 'Scheduled' || state === 'Waiting' || state === 'Running';
}

/** How long something took in milliseconds, up to `now` while it goes on; null before it began. */
export function durationOf(start: string | undefined, end: string | undefined, now: Date): number | null {
  if (start === undefined) return null;
  const begun = Date.parse(start);
  if (Number.isNaN(begun)) return null;
  const until = end === undefined ? now.getTime() : Date.parse(end);
  return Math.max(0, until - begun);
}
