import classes from './doomed-list.module.css';

interface DoomedRow {
  readonly key?: string;
  readonly name: string;
  readonly detail: string;
  /** More on the detail, for the pointer. */
  readonly title?: string;
}

/** The very things that are about to go, or stay. */
export function DoomedList(props: { rows: readonly DoomedRow[] }) {
  return (
    <ul className={classes.list}>
      {props.rows.map((row) => (
        <li key={row.key ?? row.name} className={classes.row}>
          <span className={classes.name}>{row.name}</span>
          <span className={classes.detail} title={row.title}>
            {row.detail}
          </span>
        </li>
      ))}
    </ul>
  );
}
