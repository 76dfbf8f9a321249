import { type ComponentType, lazy, Suspense } from 'react';

/** A part of a page that is fetched when it is first shown: dialogs, and what few visits need. Nothing stands in for it. */
export function lazyPart<Name extends string, Props extends object>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
): ComponentType<Props> {
  const Part = lazy<ComponentType<object>>(async () => ({ default: (await load())[name] as ComponentType<object> }));
  return function LazyPart(props: Props) {
    return (
      <Suspense>
        <Part {...props} />
      </Suspense>
    );
  };
}
