import { Button } from '@mantine/core';
import { type ReactNode, useMemo, useRef } from 'react';
import { IconX } from '../icons.ts';
import { useShortcut } from '../keyboard/shortcuts.tsx';
import { EmptyState } from '../states/states.tsx';
import { useUi } from '../text/ui-context.tsx';
import type { Column, ListView, RowAction } from './column.ts';
import { ColumnPicker } from './column-picker.tsx';
import classes from './data-table.module.css';
import { Pager } from './pager.tsx';
import { moveRowFocus, toggleFocusedRow } from './row-focus.ts';
import { TableBody } from './table-body.tsx';
import { TableHead } from './table-head.tsx';
import { type Selection, type TableModel, useTableModel } from './table-model.ts';
import { TableRow } from './table-row.tsx';
import { useSteady } from './use-steady.ts';

export interface DataTableProps<Row extends object> {
  /** What the rows are; the table's accessible name. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Undefined until the first answer. */
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  readonly rowName: (row: Row) => string;
  /** Matches on the server, over all pages. */
  readonly total: number | undefined;
  readonly view: ListView;
  readonly onView: (patch: Partial<ListView>) => void;
  /** Another page or order is on its way while the present one is shown. */
  readonly busy?: boolean;
  /** Shown in place of the rows when they could not be had. */
  readonly problem?: ReactNode;
  /** Shown in place of the rows when there are none. */
  readonly empty: ReactNode;
  /** Search and facets. */
  readonly toolbar?: ReactNode;
  readonly selection?: Selection & { readonly bar: ReactNode };
  readonly actions?: (row: Row) => readonly RowAction[];
  /** Rows that arrived since; they are shown when asked for, so that nothing jumps under the pointer. */
  readonly arrived?: { readonly count: number; readonly show: () => void };
  /** Where the choice of columns is kept. */
  readonly settingsKey: string;
}

/** The one list of the product: server-side order and paging, column choice, selection with Shift range, cards on phones. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { text } = useUi();
  const model = useTableModel(props);
  const box = useRef<HTMLDivElement>(null);
  useShortcut('KeyJ', () => moveRowFocus(box.current, 1));
  useShortcut('KeyK', () => moveRowFocus(box.current, -1));
  useShortcut('KeyX', () => toggleFocusedRow(box.current), props.selection !== undefined);

  const chosen = props.selection?.matching?.chosen ? (props.total ?? 0) : (props.selection?.selected.length ?? 0);
  const nothing = props.problem !== undefined || (props.rows !== undefined && props.rows.length === 0);
  const last = Math.max(1, Math.ceil((props.total ?? 0) / props.view.pageSize));
  const isBeyond = props.total !== undefined && props.view.page > last;
  return (
    <div className={classes.box} ref={box}>
      <div className={classes.bar}>
        <div className={classes.barStart}>{props.toolbar}</div>
        <div className={classes.barEnd}>
          <span className={classes.count} role="status">
            {props.total === undefined || props.problem !== undefined ? '' : text.table.results(props.total)}
          </span>
          <ColumnPicker model={model} />
        </div>
      </div>
      {props.selection && chosen > 0 ? <SelectionBar {...props} selection={props.selection} /> : null}
      {props.arrived && props.arrived.count > 0 ? (
        <button type="button" className={classes.arrived} onClick={props.arrived.show}>
          {text.table.newRows(props.arrived.count)}
        </button>
      ) : null}
      <div className={classes.surface}>
        {nothing ? (
          (props.problem ?? (isBeyond ? <Beyond {...props} last={last} /> : props.empty))
        ) : (
          <Rows {...props} model={model} />
        )}
      </div>
      {nothing || props.total === undefined ? null : (
        <Pager view={props.view} total={props.total} onView={props.onView} />
      )}
    </div>
  );
}

/** Rows there are, but not here: the page was emptied, or the address is old. */
function Beyond({ last, onView }: { last: number; onView: (patch: Partial<ListView>) => void }) {
  const { text } = useUi();
  return (
    <EmptyState title={text.table.beyond}>
      <Button variant="default" onClick={() => onView({ page: last })}>
        {text.table.toLastPage}
      </Button>
    </EmptyState>
  );
}

function Rows<Row extends object>(props: DataTableProps<Row> & { model: TableModel<Row> }) {
  const { model, actions, selection } = props;
  const rows = model.table.getRowModel().rows;
  const shown = model.table
    .getVisibleLeafColumns()
    .map((leaf) => leaf.id)
    .join();
  const columns = useMemo(
    () => props.columns.filter((column) => shown.split(',').includes(column.id)),
    [props.columns, shown],
  );
  const toggle = useSteady((id: string, event: unknown) => model.table.getRow(id).getToggleSelectedHandler()(event));
  const actionsOf = useSteady((row: Row) => actions?.(row) ?? []);
  return (
    <table
      role="table"
      className={classes.table}
      aria-label={props.label}
      aria-busy={props.busy || props.rows === undefined}
    >
      <TableHead
        model={model}
        sort={props.view.sort}
        onSort={(sort) => props.onView({ sort, page: 1 })}
        selectable={selection !== undefined}
        withActions={actions !== undefined}
      />
      {props.rows === undefined ? (
        <SkeletonRows
          columns={columns.length + (selection ? 1 : 0) + (actions ? 1 : 0)}
          rows={Math.min(props.view.pageSize, 12)}
        />
      ) : (
        <TableBody
          count={rows.length}
          rowHeight={40}
          row={(index, measure) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <TableRow
                key={row.id}
                id={row.id}
                row={row.original}
                name={props.rowName(row.original)}
                index={index}
                columns={columns}
                selected={selection ? row.getIsSelected() : null}
                onToggle={toggle}
                actions={actions ? actionsOf : null}
                ref={measure}
              />
            );
          }}
        />
      )}
    </table>
  );
}

function SelectionBar<Row extends object>(
  props: Pick<DataTableProps<Row>, 'rows' | 'rowKey' | 'total'> & {
    selection: Selection & { readonly bar: ReactNode };
  },
) {
  const { text } = useUi();
  const { selection, rows = [], total = 0 } = props;
  const { matching } = selection;
  const wholePage = rows.length > 0 && rows.every((row) => selection.selected.includes(props.rowKey(row)));
  const clear = () => {
    matching?.onChange(false);
    selection.onChange([]);
  };
  return (
    <div className={classes.selection}>
      <span role="status">
        {matching?.chosen ? text.table.allMatching(total) : text.table.selected(selection.selected.length)}
      </span>
      {matching && !matching.chosen && wholePage && total > selection.selected.length ? (
        <button type="button" className={classes.matching} onClick={() => matching.onChange(true)}>
          {text.table.selectMatching(total)}
        </button>
      ) : null}
      {selection.bar}
      <button
        type="button"
        className={classes.menuButton}
        aria-label={text.table.clearSelection}
        title={text.table.clearSelection}
        onClick={clear}
      >
        <IconX size={16} aria-hidden />
      </button>
    </div>
  );
}

function SkeletonRows(props: { columns: number; rows: number }) {
  return (
    <tbody className={classes.skeleton} aria-hidden>
      {Array.from({ length: props.rows }, (_row, row) => (
        <tr key={row}>
          {Array.from({ length: props.columns }, (_cell, cell) => (
            // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- a placeholder, hidden
            <td key={cell}>
              <span className={classes.shimmer} style={{ width: `${45 + ((row * 37 + cell * 29) % 45)}%` }} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}
