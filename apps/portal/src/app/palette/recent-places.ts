import { useEffect, useMemo } from 'react';
import { useRouterState } from '@tanstack/react-router';

const KEY = 'moorage-recent';
const KEPT = 6;

export interface RecentPlace {
  readonly href: string;
  readonly title: string;
}

/** The projects, repositories and artifacts visited last, newest first, the present one left out. Kept in this browser. */
export function useRecentPlaces(opened: boolean): readonly RecentPlace[] {
  const href = useRouterState({ select: (state) => state.resolvedLocation?.href ?? '' });

  useEffect(() => {
    const [path = ''] = href.split('?');
    if (!/^\/projects\/[^/]+/.test(path)) return undefined;
    // The page sets its title once it knows its object.
    const timer = setTimeout(() => remember({ href: path, title: titleOf(document.title) }), 1_500);
    return () => clearTimeout(timer);
  }, [href]);

  return useMemo(() => (opened ? read().filter((place) => place.href !== href.split('?')[0]) : []), [opened, href]);
}

function titleOf(title: string): string {
  return title.replace(/ · Moorage$/, '');
}

function remember(place: RecentPlace): void {
  const others = read().filter((entry) => entry.href !== place.href);
  try {
    localStorage.setItem(KEY, JSON.stringify([place, ...others].slice(0, KEPT)));
  } catch {
    // Without storage there is no memory of places.
  }
}

function read(): RecentPlace[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(value) ? value.filter(isPlace) : [];
  } catch {
    return [];
  }
}

function isPlace(value: unknown): value is RecentPlace {
  const place = value as Partial<RecentPlace> | null;
  return typeof place?.href === 'string' && place.href.startsWith('/') && typeof place.title === 'string';
}
