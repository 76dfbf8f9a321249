import { AppError } from '@moorage/contracts';

/** Kinds of work of this product and of Harbor's wire (JOB-1); what waits of others shows too. */
export const KNOWN_WORK: readonly string[] = [
  'GARBAGE_COLLECTION',
  'RETENTION',
  'STORAGE_SCAN',
  'STORAGE_SCRUB',
  'REMOVAL',
  'TRASH_PURGE',
  'UPLOAD_PURGE',
  'CREDENTIAL_PURGE',
  'ROBOT_END',
  'EXECUTION_SWEEP',
  'QUOTA_PROOF',
];

/** Stands for all schedules wherever a kind of work is named. */
export const SCHEDULER = 'SCHEDULER';

/** A kind of work in a path: upper case words. Throws NOT_FOUND for what can be none. */
export function workName(text: string): string {
  const name = text.toUpperCase();
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(name))
    throw new AppError('NOT_FOUND', `There is no kind of work ${JSON.stringify(text.slice(0, 64))}.`);
  return name;
}

/** A task id in a path of Harbor's, whose ids are texts. Throws NOT_FOUND for what can be none. */
export function taskIdOf(text: string): number {
  if (!/^[1-9][0-9]{0,14}$/.test(text))
    throw new AppError('NOT_FOUND', `There is no task ${JSON.stringify(text.slice(0, 64))}.`);
  return Number(text);
}
