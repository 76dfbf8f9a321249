import { memo, type Ref } from 'react';
import { useUi } from '../text/ui-context.tsx';
import { CheckBox } from './check-box.tsx';
import type { Column, RowAction } from './column.ts';
import classes from './data-table.module.css';
import { RowMenu } from './row-menu.tsx';

interface TableRowProps<Row extends object> {
  readonly id: string;
  readonly row: Row;
  readonly name: string;
  readonly index: number;
  readonly columns: readonly Column<Row>[];
  /** Null where rows cannot be chosen. */
  readonly selected: boolean | null;
  readonly onToggle: (id: string, event: unknown) => void;
  readonly actions: ((row: Row) => readonly RowAction[]) | null;
  readonly ref?: Ref<HTMLTableRowElement> | undefined;
}

/**
 * A row of a {@link DataTable}. Drawn again only when it is another row or is chosen otherwise: a click in a list of a
 * hundred rows changes one of them.
 */
export const TableRow = memo(PlainRow) as typeof PlainRow;

function PlainRow<Row extends object>(props: TableRowProps<Row>) {
  const { text } = useUi();
  const { id, row, name, selected, actions, ref } = props;
  return (
    <tr
      role="row"
      ref={ref}
      data-index={props.index}
      data-row
      data-selected={selected || undefined}
      aria-selected={selected ?? undefined}
    >
      {selected === null ? null : (
        <td role="cell" className={classes.check}>
          <CheckBox
            label={text.table.selectRow(name)}
            checked={selected}
            onChange={(event) => props.onToggle(id, event)}
            row
          />
        </td>
      )}
      {props.columns.map((column) => (
        <Cell key={column.id} column={column} row={row} />
      ))}
      {actions ? (
        <td role="cell" className={classes.actionCell}>
          <RowMenu name={name} row={row} actions={actions} />
        </td>
      ) : null}
    </tr>
  );
}

const Cell = memo(PlainCell) as typeof PlainCell;

function PlainCell<Row>(props: { column: Column<Row>; row: Row }) {
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
