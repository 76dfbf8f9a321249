import { useEffect } from 'react';

/** Sets the window's title: the object first, then the section, then the product. */
export function useTitle(...parts: (string | undefined)[]): void {
  const title = [...parts.filter(Boolean), 'Moorage'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
