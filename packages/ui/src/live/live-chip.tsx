import { useUi } from '../text/ui-context.tsx';
import classes from './live-chip.module.css';

export type LiveState = 'live' | 'reconnecting' | 'polling' | 'paused';

/** Whether the page follows what happens on the server. Colour, shape and word say the same. */
export function LiveChip(props: { state: LiveState; onToggle?: () => void }) {
  const { text } = useUi();
  const hint = text.live[`${props.state}Hint`];
  const inside = (
    <>
      <span className={classes.dot} aria-hidden />
      {text.live[props.state]}
    </>
  );
  if (props.onToggle) {
    return (
      <button
        type="button"
        className={classes.chip}
        data-state={props.state}
        title={hint}
        aria-pressed={props.state !== 'paused'}
        onClick={props.onToggle}
      >
        {inside}
      </button>
    );
  }
  return (
    <span className={classes.chip} data-state={props.state} title={hint} role="status">
      {inside}
    </span>
  );
}
