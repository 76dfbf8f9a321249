import { IconArrowDown, IconArrowsSort, IconArrowUp } from '../icons.ts';
import { useUi } from '../text/ui-context.tsx';
import { CheckBox } from './check-box.tsx';
import type { Column } from './column.ts';
import classes from './data-table.module.css';
import type { TableModel } from './table-model.ts';

export function TableHead<Row extends object>(props: {
  model: TableModel<Row>;
  sort: string;
  onSort: (sort: string) => void;
  selectable: boolean;
  withActions: boolean;
}) {
  const { text } = useUi();
  const { table, column } = props.model;
  return (
    <thead role="rowgroup" className={classes.head}>
      <tr role="row">
        {props.selectable ? (
          <th role="columnheader" scope="col" className={classes.check}>
            <CheckBox
              label={text.table.selectAll}
              checked={table.getIsAllRowsSelected()}
              indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
              onChange={table.getToggleAllRowsSelectedHandler()}
            />
          </th>
        ) : null}
        {table.getVisibleLeafColumns().map((leaf) => {
          const entry = column(leaf.id);
          return entry ? <HeadCell key={leaf.id} column={entry} sort={props.sort} onSort={props.onSort} /> : null;
        })}
        {props.withActions ? (
          <th role="columnheader" scope="col" className={classes.actionCell}>
            <span className={classes.hidden}>{text.actions.more}</span>
          </th>
        ) : null}
      </tr>
    </thead>
  );
}

function HeadCell<Row>(props: { column: Column<Row>; sort: string; onSort: (sort: string) => void }) {
  const { text } = useUi();
  const { column } = props;
  const key = column.sort;
  const direction = key === undefined ? null : props.sort === key ? 'up' : props.sort === `-${key}` ? 'down' : null;
  const Icon = direction === 'up' ? IconArrowUp : direction === 'down' ? IconArrowDown : IconArrowsSort;
  return (
    <th
      role="columnheader"
      scope="col"
      data-align={column.align}
      data-priority={column.priority ?? 'normal'}
      style={{ width: column.width }}
      aria-sort={direction === null ? undefined : direction === 'up' ? 'ascending' : 'descending'}
    >
      {key === undefined ? (
        column.header
      ) : (
        <button
          type="button"
          className={classes.sort}
          data-on={direction !== null || undefined}
          title={text.table.sortBy(column.header)}
          onClick={() => props.onSort(nextSort(key, direction, column.sortsDown === true))}
        >
          {column.header}
          <Icon size={13} aria-hidden />
        </button>
      )}
    </th>
  );
}

function nextSort(key: string, direction: 'up' | 'down' | null, downFirst: boolean): string {
  if (direction === null) return downFirst ? `-${key}` : key;
  return direction === 'up' ? `-${key}` : key;
}
