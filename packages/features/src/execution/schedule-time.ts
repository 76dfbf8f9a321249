import { AppError, type NewScheduleObject, type ScheduleObject, type ScheduleType } from '@moorage/contracts';
import { cronProblem, nextTick, type Schedule } from '@moorage/jobs';

const USUAL_TIMES: Partial<Record<ScheduleType, string>> = {
  Hourly: '0 0 * * * *',
  Daily: '0 0 0 * * *',
  Weekly: '0 0 0 * * 0',
  Monthly: '0 0 0 1 * *',
};

/** What a client asks for when it sets a schedule. */
export type ScheduleWish =
  | { readonly kind: 'now' }
  | { readonly kind: 'never' }
  | { readonly kind: 'at'; readonly type: string; readonly cron: string };

/** Reads a schedule of the wire. Throws BAD_REQUEST with what is wrong with its cron expression. */
export function scheduleWish(wanted: NewScheduleObject, now: Date): ScheduleWish {
  if (wanted.type === 'Manual') return { kind: 'now' };
  if (wanted.type === 'None') return { kind: 'never' };
  const cron = wanted.cron?.trim() || USUAL_TIMES[wanted.type];
  if (cron === undefined)
    throw new AppError('BAD_REQUEST', 'schedule.cron: a Custom schedule needs a cron expression.');
  const problem = cronProblem(cron, now);
  if (problem !== null) throw new AppError('BAD_REQUEST', `schedule.cron: ${problem}.`);
  return { kind: 'at', type: wanted.type, cron };
}

/** When a schedule comes due, as the wire says it. */
export function scheduleObjectOf(schedule: Pick<Schedule, 'kind' | 'cron'> | null, now: Date): ScheduleObject {
  if (!schedule) return { type: 'None', cron: '' };
  return {
    type: schedule.kind,
    cron: schedule.cron,
    next_scheduled_time: nextTick(schedule.cron, now).toISOString(),
  };
}
