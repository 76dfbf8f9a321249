import { CronExpressionParser } from 'cron-parser';

/** The newest due time after `since` and not after `now`, in UTC; null when none is due. Missed ticks coalesce to one (R38). */
export function newestDueTick(cron: string, since: Date, now: Date): Date | null {
  const expression = CronExpressionParser.parse(cron, { currentDate: new Date(now.getTime() + 1), tz: 'UTC' });
  const previous = expression.prev().toDate();
  return previous > since ? previous : null;
}
