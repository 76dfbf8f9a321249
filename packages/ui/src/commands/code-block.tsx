import { SoftBreaks } from '../values/soft-breaks.tsx';
import classes from './commands.module.css';
import { CopyButton } from './copy-button.tsx';

/** Text to read and copy as it is. Long lines wrap; focusable, so that the keyboard can scroll it. */
export function CodeBlock(props: { code: string; label: string; maxHeight?: number; copyLabel?: string }) {
  return (
    <div className={classes.block}>
      <div
        role="group"
        aria-label={props.label}
        // A region that scrolls must take focus, or the keyboard cannot reach its end.
        tabIndex={props.maxHeight === undefined ? undefined : 0}
        className={classes.scroll}
        style={{ maxHeight: props.maxHeight }}
      >
        <pre className={classes.code}>
          <SoftBreaks text={props.code} />
        </pre>
      </div>
      <div className={classes.blockCopy}>
        <CopyButton value={props.code} label={props.copyLabel} />
      </div>
    </div>
  );
}
