import { Checkbox, CloseButton, Popover, Radio, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { IconChevronDown, IconSearch, IconX } from '../icons.ts';
import { useShortcut } from '../keyboard/shortcuts.tsx';
import { useUi } from '../text/ui-context.tsx';
import classes from './facet-bar.module.css';

interface FacetOption {
  readonly value: string;
  readonly label: string;
  /** How many of the list it would leave. */
  readonly count?: number | undefined;
}

/** A way to narrow a list. `single` takes one value, otherwise any number. */
export interface Facet {
  readonly id: string;
  readonly label: string;
  readonly options: readonly FacetOption[];
  readonly selected: readonly string[];
  readonly onChange: (selected: readonly string[]) => void;
  readonly single?: boolean;
  /** More ways to choose, below the options. */
  readonly footer?: ReactNode;
}

const TYPING_MS = 250;

/** Search field, facets, and one removable chip per chosen value. `/` goes to the search field. */
export function FacetBar(props: {
  search?: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void };
  facets?: readonly Facet[];
  /** What else narrows the list. */
  chips?: readonly Chip[];
  children?: ReactNode;
}) {
  const { text } = useUi();
  const facets = props.facets ?? [];
  const chips = [...facets.flatMap(chipsOf), ...(props.chips ?? [])];
  return (
    <div className={classes.bar} role="search">
      {props.search ? <SearchField {...props.search} /> : null}
      {facets.map((facet) => (
        <FacetButton key={facet.id} facet={facet} />
      ))}
      {props.children}
      {chips.map((chip) => (
        <span key={chip.label} className={classes.chip}>
          {chip.label}
          <button
            type="button"
            className={classes.remove}
            aria-label={text.facets.remove(chip.label)}
            onClick={chip.remove}
          >
            <IconX size={13} aria-hidden />
          </button>
        </span>
      ))}
      {chips.length > 1 ? (
        <button type="button" className={classes.clear} onClick={() => clearAll(facets, props.chips ?? [])}>
          {text.facets.clearAll}
        </button>
      ) : null}
    </div>
  );
}

interface Chip {
  readonly label: string;
  readonly remove: () => void;
}

function chipsOf(facet: Facet): Chip[] {
  return facet.selected.map((value) => ({
    label: `${facet.label}: ${facet.options.find((option) => option.value === value)?.label ?? value}`,
    remove: () => facet.onChange(facet.selected.filter((entry) => entry !== value)),
  }));
}

function clearAll(facets: readonly Facet[], chips: readonly Chip[]): void {
  for (const facet of facets) if (facet.selected.length > 0) facet.onChange([]);
  for (const chip of chips) chip.remove();
}

function SearchField(props: { label: string; value: string; onChange: (value: string) => void }) {
  const { text } = useUi();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(props.value);
  const sent = useRef(props.value);
  const send = useDebouncedCallback((value: string) => {
    sent.current = value;
    props.onChange(value);
  }, TYPING_MS);
  useEffect(() => {
    // Back and Forward change the value from outside; our own echo must not undo what was typed meanwhile.
    if (props.value !== sent.current) {
      sent.current = props.value;
      setTyped(props.value);
    }
  }, [props.value]);
  useShortcut('Slash', () => field.current?.focus());

  const change = (value: string) => {
    setTyped(value);
    send(value.trim());
  };
  return (
    <TextInput
      ref={field}
      type="search"
      size="xs"
      className={classes.search}
      aria-label={props.label}
      placeholder={props.label}
      value={typed}
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={
        typed === '' ? null : <CloseButton size="sm" aria-label={text.facets.clearSearch} onClick={() => change('')} />
      }
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && typed !== '') {
          event.stopPropagation();
          change('');
        }
      }}
    />
  );
}

function FacetButton(props: { facet: Facet }) {
  const { facet } = props;
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes.facet}
          data-on={facet.selected.length > 0 || undefined}
          onClick={() => setOpen(!open)}
        >
          {facet.label}
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={facet.label} className={classes.options}>
        {facet.single ? <SingleChoice facet={facet} done={() => setOpen(false)} /> : <ManyChoice facet={facet} />}
        {facet.footer}
      </Popover.Dropdown>
    </Popover>
  );
}

function SingleChoice(props: { facet: Facet; done: () => void }) {
  const { text } = useUi();
  const { facet, done } = props;
  return (
    <Radio.Group
      aria-label={facet.label}
      value={facet.selected[0] ?? ''}
      onChange={(value) => {
        facet.onChange(value === '' ? [] : [value]);
        done();
      }}
    >
      <Stack gap={8}>
        <Radio value="" label={text.facets.any} />
        {facet.options.map((option) => (
          <Radio key={option.value} value={option.value} label={<OptionText option={option} />} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function ManyChoice(props: { facet: Facet }) {
  const { facet } = props;
  return (
    <Checkbox.Group aria-label={facet.label} value={[...facet.selected]} onChange={facet.onChange}>
      <Stack gap={8}>
        {facet.options.map((option) => (
          <Checkbox key={option.value} value={option.value} label={<OptionText option={option} />} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function OptionText(props: { option: FacetOption }) {
  const { number } = useUi();
  const { label, count } = props.option;
  if (count === undefined) return label;
  return (
    <span className={classes.option}>
      {label} <span className={classes.optionCount}>{number(count)}</span>
    </span>
  );
}
