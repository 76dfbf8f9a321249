import { CronExpressionParser } from 'cron-parser';

const MAX_LENGTH = 256;
/** From this field on names may stand for numbers. */
const MONTH = 4;

/** The newest due time after `since` and not after `now`, in UTC; null when none is due. Missed ticks coalesce to one (R38). */
export function newestDueTick(cron: string, since: Date, now: Date): Date | null {
  const expression = CronExpressionParser.parse(cron, { currentDate: new Date(now.getTime() + 1), tz: 'UTC' });
  const previous = expression.prev().toDate();
  return previous > since ? previous : null;
}

/** The first time after `now` that a cron expression names, in UTC. */
export function nextTick(cron: string, now: Date): Date {
  return CronExpressionParser.parse(cron, { currentDate: now, tz: 'UTC' }).next().toDate();
}

/** What is wrong with a cron expression of the wire, or null: six fields, the first of which is 0 (JOB-5). */
export function cronProblem(cron: string, now: Date): string | null {
  const fields = cron.trim().split(/\s+/);
  if (cron.length > MAX_LENGTH || fields.length !== 6) {
    return 'must have six fields: second minute hour day month weekday, for example 0 0 2 * * *';
  }
  if (fields[0] !== '0') return 'must have 0 as its first field: nothing runs more often than once a minute';
  if (fields.some(isHashed))
    return 'must not have H, which means another time at every look; write the time as a number';
  try {
    nextTick(cron, now);
    return null;
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Whether a field has the parser's H, a time drawn anew whenever it is read; names of months and weekdays have letters too. */
function isHashed(field: string, index: number): boolean {
  return (index < MONTH ? field : field.replaceAll(/[a-z]{3}/gi, '')).includes('H');
}
