import { useId, useRef } from 'react';
import { useUi } from '../text/ui-context.tsx';
import { CodeBlock } from './code-block.tsx';
import classes from './commands.module.css';

export interface CommandVariant {
  /** Stable id, for example `docker`. */
  readonly id: string;
  readonly label: string;
  readonly code: string;
}

/** One command in the dialects of several clients. The chosen client is the caller's state, so that it is remembered everywhere. */
export function CopyCommand(props: {
  label: string;
  variants: readonly CommandVariant[];
  selected: string;
  onSelect: (id: string) => void;
  maxHeight?: number;
}) {
  const { text } = useUi();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const current = props.variants.find((variant) => variant.id === props.selected) ?? props.variants[0];
  if (current === undefined) return null;

  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = props.variants.indexOf(current);
    const next = props.variants[(at + step + props.variants.length) % props.variants.length];
    if (next === undefined) return;
    props.onSelect(next.id);
    list.current?.querySelector<HTMLButtonElement>(`[data-client="${next.id}"]`)?.focus();
  };

  return (
    <div className={classes.command}>
      {props.variants.length > 1 ? (
        // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its tabs take the focus
        <div
          ref={list}
          role="tablist"
          aria-label={`${props.label}: ${text.commands.clients}`}
          className={classes.tabs}
          onKeyDown={move}
        >
          {props.variants.map((variant) => (
            <button
              key={variant.id}
              type="button"
              role="tab"
              id={`${id}-${variant.id}`}
              data-client={variant.id}
              aria-selected={variant === current}
              aria-controls={`${id}-panel`}
              tabIndex={variant === current ? 0 : -1}
              className={classes.tab}
              onClick={() => props.onSelect(variant.id)}
            >
              {variant.label}
            </button>
          ))}
        </div>
      ) : null}
      <div
        {...(props.variants.length > 1
          ? { id: `${id}-panel`, role: 'tabpanel', 'aria-labelledby': `${id}-${current.id}` }
          : {})}
      >
        <CodeBlock
          code={current.code}
          label={`${props.label} (${current.label})`}
          copyLabel={text.commands.copyCommand}
          maxHeight={props.maxHeight}
        />
      </div>
    </div>
  );
}
