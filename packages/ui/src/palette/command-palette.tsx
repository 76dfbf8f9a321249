import { Modal } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { IconSearch } from '../icons.ts';
import { useUi } from '../text/ui-context.tsx';
import classes from './command-palette.module.css';

export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
  readonly run: () => void;
}

export interface PaletteGroup {
  readonly id: string;
  readonly label: string;
  readonly items: readonly PaletteItem[];
}

/** Finds and goes: a combobox over grouped results. What matches `query` is the caller's business. */
export function CommandPalette(props: {
  opened: boolean;
  onClose: () => void;
  query: string;
  onQuery: (query: string) => void;
  groups: readonly PaletteGroup[];
  busy: boolean;
}) {
  const { text } = useUi();
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      withCloseButton={false}
      padding={0}
      size={620}
      yOffset="10vh"
      centered={false}
      aria-label={text.palette.title}
    >
      <Content {...props} />
    </Modal>
  );
}

function Content(props: Parameters<typeof CommandPalette>[0]) {
  const { text } = useUi();
  const { groups, query, onClose } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const items = useMemo(() => groups.flatMap((group) => group.items), [groups]);
  const [active, setActive] = useState(0);
  useEffect(() => setActive(0), [query]);
  const at = Math.min(active, Math.max(0, items.length - 1));
  const current = items[at];

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: 'nearest' });
  }, [at]);

  const choose = (item: PaletteItem) => {
    onClose();
    item.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setActive((at + step + items.length) % items.length);
    } else if (event.key === 'Enter' && current) {
      event.preventDefault();
      choose(current);
    }
  };

  return (
    <div className={classes.palette}>
      <div className={classes.field}>
        <IconSearch size={18} aria-hidden />
        <input
          className={classes.input}
          role="combobox"
          aria-label={text.palette.title}
          aria-expanded={items.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={current ? `${id}-${current.id}` : undefined}
          aria-autocomplete="list"
          placeholder={text.palette.placeholder}
          value={query}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => props.onQuery(event.currentTarget.value)}
          onKeyDown={onKey}
        />
      </div>
      <span role="status" className={classes.status}>
        {props.busy ? '' : text.palette.results(items.length)}
      </span>
      <div ref={list} role="listbox" id={`${id}-list`} aria-label={text.palette.title} className={classes.list}>
        {groups
          .filter((group) => group.items.length > 0)
          .map((group) => (
            <div key={group.id} role="group" aria-labelledby={`${id}-${group.id}`}>
              <div id={`${id}-${group.id}`} className={classes.group}>
                {group.label}
              </div>
              {group.items.map((item) => (
                <div
                  key={item.id}
                  id={`${id}-${item.id}`}
                  role="option"
                  aria-selected={item === current}
                  className={classes.item}
                  onPointerMove={() => setActive(items.indexOf(item))}
                  onClick={() => choose(item)}
                >
                  <span className={classes.icon} aria-hidden>
                    {item.icon}
                  </span>
                  <span className={classes.label}>{item.label}</span>
                  {item.detail ? <span className={classes.detail}>{item.detail}</span> : null}
                  {item.keys ? <kbd className={classes.keys}>{item.keys}</kbd> : null}
                </div>
              ))}
            </div>
          ))}
      </div>
      {items.length === 0 && !props.busy ? <p className={classes.nothing}>{text.palette.nothing}</p> : null}
      <p className={classes.hint}>{text.palette.hint}</p>
    </div>
  );
}
