import { useSyncExternalStore } from 'react';
import { CopyButton } from '../commands/copy-button.tsx';
import { useUi } from '../text/ui-context.tsx';
import { formatDateTime, shortDigest } from './format.rules.ts';
import classes from './values.module.css';

const TICK_MS = 20_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for every relative time on the page: a timer per row would wake a 100-row table a hundred times. */
function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    timer = setInterval(tick, TICK_MS);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

export function useNow(): Date {
  return new Date(useSyncExternalStore(subscribe, () => now));
}

/** Harbor writes the year 1 for "never". */
function parseTime(value: string | undefined | null): Date | null {
  if (value === undefined || value === null || value === '') return null;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() <= 1 ? null : time;
}

/** A time as people say it; the exact local and UTC time stands in its tooltip. Empty or year 1 is "never". */
export function TimeAgo(props: { value: string | undefined | null; never?: string }) {
  const ui = useUi();
  const current = useNow();
  const time = parseTime(props.value);
  if (time === null) return <span className={classes.dim}>{props.never ?? ui.text.never}</span>;
  // A row that arrives between two ticks must not lie in the future.
  const reference = time.getTime() > current.getTime() && time.getTime() - current.getTime() < TICK_MS ? time : current;
  return (
    <time className={classes.number} dateTime={time.toISOString()} title={exactTime(time, ui.locale)}>
      {ui.relative(time, reference)}
    </time>
  );
}

/** A time in full, local zone, with UTC in its tooltip. */
export function ExactTime(props: { value: string | undefined | null; never?: string }) {
  const ui = useUi();
  const time = parseTime(props.value);
  if (time === null) return <span className={classes.dim}>{props.never ?? ui.text.never}</span>;
  return (
    <time
      className={classes.exact}
      dateTime={time.toISOString()}
      title={`${formatDateTime(time, ui.locale, 'UTC')} UTC`}
    >
      {ui.dateTime(time)}
    </time>
  );
}

function exactTime(time: Date, locale: string): string {
  return `${formatDateTime(time, locale)}\n${formatDateTime(time, locale, 'UTC')} UTC`;
}

/** A size in binary units; the exact number of bytes stands in its tooltip. */
export function Bytes(props: { value: number }) {
  const ui = useUi();
  return (
    <span
      className={classes.number}
      title={props.value < 0 ? undefined : `${ui.number(props.value)} ${ui.text.bytes[0]}`}
    >
      {ui.bytes(props.value)}
    </span>
  );
}

export function Count(props: { value: number }) {
  return <span className={classes.number}>{useUi().number(props.value)}</span>;
}

/** The first twelve characters of a digest, with a button that copies all of it. */
export function Digest(props: { value: string; copy?: boolean }) {
  return (
    <span className={classes.digest}>
      <code title={props.value}>{shortDigest(props.value)}</code>
      {props.copy === false ? null : <CopyButton value={props.value} quiet />}
    </span>
  );
}
