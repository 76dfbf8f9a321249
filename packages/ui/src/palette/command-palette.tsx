import { Modal } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
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

interface CommandPaletteProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly groups: readonly PaletteGroup[];
  readonly busy: boolean;
}

/** Finds and goes: a combobox over grouped results. What matches `query` is the caller's business. */
export function CommandPalette(props: CommandPaletteProps) {
  const { text } = useUi();
  return (
    <Modal.Root
      opened={props.opened}
      onClose={props.onClose}
      size={620}
      yOffset="10vh"
      centered={false}
      lockScroll={false}
      // Keys follow the shortcut faster than a transition: the field is there at once, and gone at once.
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content radius="lg" aria-label={text.palette.title}>
        <Content {...props} />
      </Modal.Content>
    </Modal.Root>
  );
}

function Content(props: CommandPaletteProps) {
  const { text } = useUi();
  const { groups, query, onClose } = props;
  const id = useId();
  const items = groups.flatMap((group) => group.items);
  // The mark belongs to what was typed; other text begins at the first result again.
  const [marked, setMarked] = useState({ query, index: 0 });
  const index = Math.min(marked.query === query ? marked.index : 0, Math.max(0, items.length - 1));
  const current = items[index];
  const mark = (next: number) => setMarked({ query, index: next });
  const field = useRef<HTMLInputElement>(null);
  // The dialog moves the focus a moment later; what is typed in between must not be lost.
  useLayoutEffect(() => field.current?.focus(), []);

  const choose = (item: PaletteItem) => {
    onClose();
    item.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      mark((index + step + items.length) % items.length);
    } else if (event.key === 'Enter' && current) {
      event.preventDefault();
      choose(current);
    }
  };

  return (
    <div>
      <div className={classes.field}>
        <IconSearch size={18} aria-hidden />
        <input
          ref={field}
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
      <Results
        id={id}
        groups={groups.filter((group) => group.items.length > 0)}
        current={current}
        onMark={(item) => mark(items.indexOf(item))}
        onChoose={choose}
      />
      {items.length === 0 && !props.busy ? <p className={classes.nothing}>{text.palette.nothing}</p> : null}
      <p className={classes.hint}>{text.palette.hint}</p>
    </div>
  );
}

function Results(props: {
  id: string;
  groups: readonly PaletteGroup[];
  current: PaletteItem | undefined;
  onMark: (item: PaletteItem) => void;
  onChoose: (item: PaletteItem) => void;
}) {
  const { text } = useUi();
  const { id, current } = props;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-item="${current?.id}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [current?.id]);
  return (
    // The text field keeps the focus and names the marked option; that is the combobox pattern.
    <div ref={list} role="listbox" id={`${id}-list`} aria-label={text.palette.title} className={classes.list}>
      {props.groups.map((group) => (
        <div key={group.id} role="group" aria-labelledby={`${id}-${group.id}`}>
          <div id={`${id}-${group.id}`} className={classes.group}>
            {group.label}
          </div>
          {group.items.map((item) => (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys reach the text field
            <div
              key={item.id}
              id={`${id}-${item.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={item === current}
              data-item={item.id}
              className={classes.item}
              onPointerMove={() => props.onMark(item)}
              onClick={() => props.onChoose(item)}
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
  );
}
