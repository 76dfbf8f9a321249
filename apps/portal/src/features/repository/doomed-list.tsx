import classes from './doomed-list.module.css';

/** The very things that are about to go. */
export function DoomedList(props: { rows: readonly { readonly name: string; readonly detail: string }[] }) {
  return (
    <ul className={classes.list}>
      {props.rows.map((row) => (
        <li key={row.name} className={classes.row}>
          <span className={classes.name}>{row.name}</span>
          <span className={classes.detail}>{row.detail}</span>
        </li>
      ))}
    </ul>
  );
}
