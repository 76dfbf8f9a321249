/** Moves focus to the next or previous row's own link, so that Enter opens it and screen readers follow. */
export function moveRowFocus(box: HTMLElement | null, step: 1 | -1): void {
  if (box === null) return;
  const rows = [...box.querySelectorAll<HTMLElement>('tr[data-row]')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
  const target = next?.querySelector<HTMLElement>('[data-primary] a, [data-primary] button, a, button, input');
  target?.focus();
  next?.scrollIntoView?.({ block: 'nearest' });
}

/** Selects or deselects the row that holds focus. */
export function toggleFocusedRow(box: HTMLElement | null): void {
  const row = document.activeElement?.closest('tr[data-row]');
  if (!row || !box?.contains(row)) return;
  row.querySelector<HTMLInputElement>('input[data-select]')?.click();
}
