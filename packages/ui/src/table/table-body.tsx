import { lazy, type ReactNode, Suspense } from 'react';

const VirtualBody = lazy(async () => ({ default: (await import('./virtual-body.tsx')).VirtualBody }));

/** Above this many rows only those near the view are in the page. */
const VIRTUAL_ABOVE = 100;

export interface BodyProps {
  readonly count: number;
  readonly rowHeight: number;
  readonly row: (index: number, measure?: (element: HTMLTableRowElement | null) => void) => ReactNode;
}

export function TableBody(props: BodyProps) {
  if (props.count > VIRTUAL_ABOVE)
    return (
      <Suspense>
        <VirtualBody {...props} />
      </Suspense>
    );
  return <tbody role="rowgroup">{Array.from({ length: props.count }, (_unused, index) => props.row(index))}</tbody>;
}
