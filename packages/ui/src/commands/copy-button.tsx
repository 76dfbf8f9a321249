import { useEffect, useState } from 'react';
import { useAnnounce } from '../feedback/announcer.tsx';
import { IconCheck, IconCopy } from '../icons.ts';
import { useUi } from '../text/ui-context.tsx';
import { copyText } from './clipboard.ts';
import classes from './commands.module.css';

const SHOWN_MS = 1_800;

/** Copies `value`; shows and announces that it did. `quiet` is for rows of a table: an icon that shows itself on hover or focus. */
export function CopyButton(props: { value: string; label?: string; quiet?: boolean; withText?: boolean }) {
  const { text } = useUi();
  const announce = useAnnounce();
  const [done, setDone] = useState(false);

  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [done]);

  const label = props.label ?? text.actions.copy;
  const copy = async () => {
    const copied = await copyText(props.value);
    setDone(copied);
    announce(copied ? text.actions.copied : text.actions.copyFailed);
  };
  const Icon = done ? IconCheck : IconCopy;
  return (
    <button
      type="button"
      className={classes.copy}
      data-quiet={props.quiet || undefined}
      data-done={done || undefined}
      aria-label={props.withText ? undefined : label}
      title={props.withText ? undefined : label}
      onClick={() => void copy()}
    >
      <Icon size={props.quiet ? 14 : 16} aria-hidden />
      {props.withText ? <span>{done ? text.actions.copied : label}</span> : null}
    </button>
  );
}
