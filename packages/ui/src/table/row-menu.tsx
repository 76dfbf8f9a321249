import { Menu } from '@mantine/core';
import { memo, type MouseEvent, useState } from 'react';
import { IconDotsVertical } from '../icons.ts';
import { useUi } from '../text/ui-context.tsx';
import type { RowAction } from './column.ts';
import classes from './data-table.module.css';

/** The button of a row's actions. The menu itself exists only once it was asked for: a hundred of them cost too much. */
export const RowMenu = memo(PlainRowMenu) as typeof PlainRowMenu;

function PlainRowMenu<Row>(props: { name: string; row: Row; actions: (row: Row) => readonly RowAction[] }) {
  const { text } = useUi();
  const [wanted, setWanted] = useState(false);
  const [open, setOpen] = useState(false);
  const button = (
    <button
      type="button"
      className={classes.menuButton}
      aria-label={text.table.rowActions(props.name)}
      aria-haspopup="menu"
      onClick={
        wanted
          ? undefined
          : () => {
              setWanted(true);
              setOpen(true);
            }
      }
    >
      <IconDotsVertical size={16} aria-hidden />
    </button>
  );
  if (!wanted) return button;
  return (
    <Menu opened={open} onChange={setOpen}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <ActionItems actions={props.actions(props.row)} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** Actions as menu items. What cannot be done stays in the list and says why. */
export function ActionItems(props: { actions: readonly RowAction[] }) {
  return props.actions.map((action) => (
    <Menu.Item
      key={action.id}
      leftSection={action.icon}
      color={action.danger && !action.denied ? 'red' : undefined}
      aria-disabled={action.denied ? true : undefined}
      data-denied={action.denied ? true : undefined}
      className={classes.menuItem}
      closeMenuOnClick={!action.denied}
      onClick={(event: MouseEvent) => {
        event.stopPropagation();
        if (!action.denied) action.onSelect();
      }}
    >
      {action.label}
      {action.denied ? <span className={classes.denied}>{action.denied}</span> : null}
    </Menu.Item>
  ));
}
