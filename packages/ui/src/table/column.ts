import type { ReactNode } from 'react';

/** A column of a {@link DataTable}. Cells are plain HTML: component-library widgets per row cost most of a big table's time. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** The server's sort key; absent for a column that cannot be sorted. */
  readonly sort?: string;
  /** A first click sorts downward: right for times and sizes. */
  readonly sortsDown?: boolean;
  /** Numbers stand at the end. */
  readonly align?: 'end';
  /** CSS width. */
  readonly width?: string;
  /** What is hidden first when room gets short; `key` never is. Default `normal`. */
  readonly priority?: 'key' | 'normal' | 'low';
  /** Off until chosen in the column picker. */
  readonly startsHidden?: boolean;
}

/** Which part of a list is shown, as the server counts and sorts it. */
export interface ListView {
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  /** A sort key, `-` before it for downward. */
  readonly sort: string;
}

export const PAGE_SIZES: readonly number[] = [25, 50, 100];

export interface RowAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly onSelect: () => void;
  readonly danger?: boolean;
  /** Why the action cannot be taken; it is shown disabled with this reason. */
  readonly denied?: string | undefined;
}
