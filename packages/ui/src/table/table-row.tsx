import type { Ref } from 'react';
import { useUi } from '../text/ui-context.tsx';
import { CheckBox } from './check-box.tsx';
import type { Column, RowAction } from './column.ts';
import classes from './data-table.module.css';
import { RowMenu } from './row-menu.tsx';

interface Selectable {
  readonly isSelected: boolean;
  readonly toggle: (event: unknown) => void;
}

export function TableRow<Row extends object>(props: {
  row: Row;
  name: string;
  index: number;
  columns: readonly Column<Row>[];
  select: Selectable | null;
  actions: (() => readonly RowAction[]) | null;
  ref?: Ref<HTMLTableRowElement> | undefined;
}) {
  const { text } = useUi();
  const { row, name, select, actions, ref } = props;
  return (
    <tr
      role="row"
      ref={ref}
      data-index={props.index}
      data-row
      data-selected={select?.isSelected || undefined}
      aria-selected={select ? select.isSelected : undefined}
    >
      {select ? (
        <td role="cell" className={classes.check}>
          <CheckBox label={text.table.selectRow(name)} checked={select.isSelected} onChange={select.toggle} row />
        </td>
      ) : null}
      {props.columns.map((column) => (
        <Cell key={column.id} column={column} row={row} />
      ))}
      {actions ? (
        <td role="cell" className={classes.actionCell}>
          <RowMenu name={name} actions={actions} />
        </td>
      ) : null}
    </tr>
  );
}

function Cell<Row>(props: { column: Column<Row>; row: Row }) {
  const { column, row } = props;
  const content = column.cell(row);
  const shared = {
    'data-align': column.align,
    'data-priority': column.priority ?? 'normal',
    'data-label': column.header,
    // Names of any length break rather than push the table out of the page; sizes and times have room of their own.
    'data-breaks': column.priority === 'key' || column.width === undefined ? true : undefined,
  };
  return column.priority === 'key' ? (
    <th role="rowheader" scope="row" {...shared} data-primary>
      {content}
    </th>
  ) : (
    <td role="cell" {...shared}>
      {content}
    </td>
  );
}
