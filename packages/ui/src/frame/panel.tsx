import type { ReactNode } from 'react';
import classes from './panel.module.css';

/** A titled surface. Headings below the page title are of level 2. */
export function Panel(props: {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
  tone?: 'danger';
}) {
  return (
    <section className={classes.panel} data-tone={props.tone}>
      {props.title ? (
        <div className={classes.head}>
          <h2 className={classes.title}>{props.title}</h2>
          {props.actions ? <div className={classes.actions}>{props.actions}</div> : null}
        </div>
      ) : null}
      <div className={props.flush ? undefined : classes.body}>{props.children}</div>
    </section>
  );
}

/** Cards side by side as far as there is room. */
export function CardGrid(props: { children: ReactNode; min?: 'narrow' | 'wide' }) {
  return (
    <div className={classes.grid} data-min={props.min ?? 'narrow'}>
      {props.children}
    </div>
  );
}

/** Main column and a narrower one beside it, stacked on small screens. */
export function SplitColumns(props: { main: ReactNode; side: ReactNode }) {
  return (
    <div className={classes.split}>
      <div className={classes.column}>{props.main}</div>
      <div className={classes.column}>{props.side}</div>
    </div>
  );
}

/** A number that matters, with its name. */
export function Metric(props: { label: string; value: ReactNode; hint?: ReactNode }) {
  return (
    <div className={classes.metric}>
      <dt className={classes.metricLabel}>{props.label}</dt>
      <dd className={classes.metricValue}>{props.value}</dd>
      {props.hint ? <dd className={classes.metricHint}>{props.hint}</dd> : null}
    </div>
  );
}

/** Holds {@link Metric}s. */
export function Metrics(props: { children: ReactNode }) {
  return <dl className={classes.metrics}>{props.children}</dl>;
}

/** Names and values, for what an object is. Rows without a value are left out. */
export function Facts(props: { rows: readonly { readonly label: string; readonly value: ReactNode }[] }) {
  return (
    <dl className={classes.facts}>
      {props.rows
        .filter((row) => row.value !== null && row.value !== undefined && row.value !== false && row.value !== '')
        .map((row) => (
          <div key={row.label} className={classes.fact}>
            <dt>{row.label}</dt>
            <dd>{row.value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** How much of a limit is used. Turns to warning at 80 % and to danger at 95 %. */
export function Meter(props: { label: string; value: number; max: number; text: string }) {
  const share = props.max > 0 ? Math.min(1, props.value / props.max) : 0;
  const tone = share >= 0.95 ? 'danger' : share >= 0.8 ? 'warning' : 'calm';
  return (
    <div
      className={classes.meter}
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={props.max}
      aria-valuenow={Math.min(props.value, props.max)}
      aria-valuetext={props.text}
    >
      <div className={classes.meterFill} data-tone={tone} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
