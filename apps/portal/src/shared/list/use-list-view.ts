import type { ListView } from '@moorage/ui';
import { useNavigate } from '@tanstack/react-router';
import type { ListSearch } from './list-search.ts';

const DEFAULT_SIZE = 25;

/** Joins a table with the address: what is shown, and how a click changes the address. Changes of a filter go to page 1. */
export function useListView<Search extends ListSearch>(search: Search, defaultSort: string) {
  const navigate = useNavigate();
  const view: ListView = {
    page: search.page ?? 1,
    pageSize: search.size ?? DEFAULT_SIZE,
    sort: search.sort ?? defaultSort,
  };

  const change = (patch: Partial<Search>, replace = false) => {
    void navigate({
      to: '.',
      replace,
      resetScroll: false,
      search: (before: object) => ({ ...before, ...patch }),
    } as Parameters<typeof navigate>[0]);
  };

  return {
    view,
    /** Query parameters of the list call. */
    paging: { page: view.page, page_size: view.pageSize, sort: view.sort },
    onView: (patch: Partial<ListView>) => {
      const next = { ...view, ...patch };
      change({
        page: next.page === 1 ? undefined : next.page,
        size: next.pageSize === DEFAULT_SIZE ? undefined : next.pageSize,
        sort: next.sort === defaultSort ? undefined : next.sort,
      } as Partial<Search>);
    },
    /** Sets filters; typing replaces the history entry, so that Back leaves the page instead of the last letter. */
    onFilter: (patch: Partial<Search>) => {
      change({ ...patch, page: undefined } as Partial<Search>, 'q' in patch);
    },
    onSearch: (q: string) => {
      change({ q: q === '' ? undefined : q, page: undefined } as Partial<Search>, true);
    },
  };
}
