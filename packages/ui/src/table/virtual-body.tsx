import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import type { BodyProps } from './table-body.tsx';

/** A table's body of which only the rows near the view are in the page. */
export function VirtualBody(props: BodyProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY), []);
  // oxlint-disable-next-line react/incompatible-library -- the compiler is not in use
  const virtualizer = useWindowVirtualizer({
    count: props.count,
    estimateSize: () => props.rowHeight,
    overscan: 12,
    scrollMargin: top,
  });
  const items = virtualizer.getVirtualItems();
  const before = (items[0]?.start ?? top) - top;
  const after = virtualizer.getTotalSize() - ((items.at(-1)?.end ?? top) - top);
  return (
    <tbody role="rowgroup" ref={body}>
      <Space height={before} />
      {items.map((item) => props.row(item.index, virtualizer.measureElement))}
      <Space height={after} />
    </tbody>
  );
}

function Space(props: { height: number }) {
  return props.height > 0 ? <tr aria-hidden style={{ height: props.height }} /> : null;
}
