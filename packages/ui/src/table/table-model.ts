import {
  columnVisibilityFeature,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { Column } from './column.ts';
import { useColumnChoice } from './column-choice.ts';

/** What the table library does for us: column visibility and row selection. Sorting, filtering and paging are the server's. */
const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });

const NO_ROWS: never[] = [];

export interface Selection {
  readonly selected: readonly string[];
  readonly onChange: (selected: readonly string[]) => void;
  /** Lets a person choose every match of the list's filter, on all pages. */
  readonly matching?: {
    readonly chosen: boolean;
    readonly onChange: (chosen: boolean) => void;
  };
}

interface ModelInput<Row extends object> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  readonly settingsKey: string;
  readonly selection?: Selection | undefined;
}

/** Joins our columns with the table library; the only place that knows it. */
export function useTableModel<Row extends object>(input: ModelInput<Row>) {
  const { columns, selection } = input;
  const definitions = useMemo(
    () => columns.map((column) => ({ id: column.id, header: column.header, accessorFn: (row: Row) => row })),
    [columns],
  );
  const initial = useMemo(
    () => Object.fromEntries(columns.filter((column) => column.startsHidden).map((column) => [column.id, false])),
    [columns],
  );
  const [columnVisibility, setColumnVisibility] = useColumnChoice(input.settingsKey, initial);
  const { rows, rowKey } = input;
  const everything = selection?.matching?.chosen === true;
  const rowSelection = useMemo<RowSelectionState>(() => {
    const chosen = everything ? (rows ?? []).map(rowKey) : (selection?.selected ?? []);
    return Object.fromEntries(chosen.map((id) => [id, true as const]));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- keys are the same whichever function tells them
  }, [selection?.selected, everything, rows]);
  const table = useTable({
    features,
    columns: definitions,
    data: (input.rows as Row[] | undefined) ?? (NO_ROWS as Row[]),
    getRowId: input.rowKey,
    enableRowSelection: selection !== undefined,
    state: { columnVisibility, rowSelection },
    onColumnVisibilityChange: (update) =>
      setColumnVisibility(typeof update === 'function' ? update(columnVisibility) : update),
    onRowSelectionChange: (update) => {
      // Taking one row out of "all that match" leaves the rest of the page: what is not seen is not chosen any more.
      if (everything) selection?.matching?.onChange(false);
      selection?.onChange(Object.keys(typeof update === 'function' ? update(rowSelection) : update));
    },
  });
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  return { table, column: (id: string) => byId.get(id) };
}

export type TableModel<Row extends object> = ReturnType<typeof useTableModel<Row>>;
