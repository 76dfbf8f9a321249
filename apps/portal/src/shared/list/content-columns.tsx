import { Bytes, type Column, TimeAgo } from '@moorage/ui';

/** The column of sizes, largest first. */
export function sizeColumn<Row extends { readonly size: number }>(header: string): Column<Row> {
  return {
    id: 'size',
    header,
    sort: 'size',
    sortsDown: true,
    align: 'end',
    width: '7rem',
    cell: (row) => <Bytes value={row.size} />,
  };
}

/** A column of moments, latest first; `sort` is the server's key for it. */
export function timeColumn<Row>(
  id: string,
  header: string,
  sort: string,
  valueOf: (row: Row) => string | null | undefined,
  rest: Pick<Column<Row>, 'priority' | 'startsHidden' | 'width'> = {},
): Column<Row> {
  return {
    id,
    header,
    sort,
    sortsDown: true,
    width: '9.5rem',
    ...rest,
    cell: (row) => <TimeAgo value={valueOf(row)} />,
  };
}
