import type { Label } from '@moorage/contracts';
import classes from './marks.module.css';

/** A label as a mark: its colour as a dot, so that the name can be read whatever colour somebody chose. */
export function LabelChip(props: { label: Pick<Label, 'name' | 'color' | 'description'> }) {
  const { label } = props;
  return (
    <span
      className={classes.chip}
      title={label.description === '' ? label.name : `${label.name}\n${label.description}`}
    >
      <span className={classes.dot} style={label.color === '' ? undefined : { background: label.color }} aria-hidden />
      <span className={classes.name}>{label.name}</span>
    </span>
  );
}

/** The labels of an artifact side by side; nothing at all when it has none. */
export function LabelChips(props: { labels: readonly Label[] }) {
  if (props.labels.length === 0) return null;
  return (
    <span className={classes.chips}>
      {props.labels.map((label) => (
        <LabelChip key={label.id} label={label} />
      ))}
    </span>
  );
}
