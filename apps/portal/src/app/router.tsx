import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { parseSearch, stringifySearch } from '../shared/list/list-search.ts';
import { PageSkeleton } from '@moorage/ui';
import { PageFailure } from './page-failure.tsx';
import { NotFoundPage } from './not-found.page.tsx';
import { routeTree } from './routes.tsx';

/** The router: typed addresses, pages in chunks of their own, preloaded when a link is pointed at. */
export function createPortalRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    parseSearch,
    stringifySearch,
    // Digests and robot names are easier to read and quote with their own characters.
    pathParamsAllowedCharacters: [':', '@', '+', '$'],
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 300,
    defaultPendingMinMs: 300,
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: PageFailure,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPortalRouter>;
  }
}
