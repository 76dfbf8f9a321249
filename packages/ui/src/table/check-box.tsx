import classes from './check-box.module.css';

/** A native check box of 24 px target: one per row of a table must stay cheap. */
export function CheckBox(props: {
  label: string;
  checked: boolean;
  indeterminate?: boolean;
  onChange: (event: React.ChangeEvent<HTMLInputElement>) => void;
  row?: boolean;
}) {
  return (
    <span className={classes.target}>
      <input
        type="checkbox"
        className={classes.box}
        aria-label={props.label}
        checked={props.checked}
        ref={(element) => {
          if (element) element.indeterminate = props.indeterminate ?? false;
        }}
        onChange={props.onChange}
        data-select={props.row || undefined}
      />
    </span>
  );
}
