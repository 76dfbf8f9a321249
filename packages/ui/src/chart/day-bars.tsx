import { useUi } from '../text/ui-context.tsx';
import { useNow } from '../values/values.tsx';
import classes from './day-bars.module.css';
import { daysUpTo } from './day-bars.rules.ts';

/** One bar a day up to today (UTC), the tallest filling the height. Its label says in words what it shows. */
export function DayBars(props: {
  label: string;
  /** Days without an entry count as none. */
  days: readonly { readonly day: string; readonly value: number }[];
  /** How many days back. */
  span: number;
}) {
  const ui = useUi();
  const now = useNow();
  const days = daysUpTo(now, props.span, props.days);
  const most = Math.max(1, ...days.map((day) => day.value));
  return (
    <div role="img" aria-label={props.label} className={classes.chart}>
      {days.map(({ day, value }) => (
        <span key={day} className={classes.day} title={`${day}: ${ui.number(value)}`}>
          <span
            className={classes.bar}
            data-none={value === 0 || undefined}
            style={{ height: `${(value / most) * 100}%` }}
          />
        </span>
      ))}
    </div>
  );
}
