import { ActionIcon, NativeSelect } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '../icons.ts';
import { useUi } from '../text/ui-context.tsx';
import { type ListView, PAGE_SIZES } from './column.ts';
import classes from './data-table.module.css';

/** Which rows of how many, and the ways to the others. */
export function Pager(props: { view: ListView; total: number; onView: (patch: Partial<ListView>) => void }) {
  const { text } = useUi();
  const { view, total, onView } = props;
  const last = Math.max(1, Math.ceil(total / view.pageSize));
  const from = total === 0 ? 0 : (view.page - 1) * view.pageSize + 1;
  const to = Math.min(total, view.page * view.pageSize);
  if (total <= (PAGE_SIZES[0] ?? 0) && view.page === 1) return null;
  return (
    <nav className={classes.pager} aria-label={text.table.pages}>
      <NativeSelect
        size="xs"
        aria-label={text.table.pageSize}
        data={PAGE_SIZES.map((size) => ({ value: String(size), label: String(size) }))}
        value={String(view.pageSize)}
        onChange={(event) => onView({ pageSize: Number(event.currentTarget.value), page: 1 })}
      />
      <span className={classes.range}>{text.table.range(from, to, total)}</span>
      <ActionIcon
        variant="default"
        aria-label={text.table.previous}
        disabled={view.page <= 1}
        onClick={() => onView({ page: view.page - 1 })}
      >
        <IconChevronLeft size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="default"
        aria-label={text.table.next}
        disabled={view.page >= last}
        onClick={() => onView({ page: view.page + 1 })}
      >
        <IconChevronRight size={16} aria-hidden />
      </ActionIcon>
    </nav>
  );
}
