import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router';
import i18next, { type Namespace } from 'i18next';
import * as z from 'zod/mini';
import { listSearch } from '../../shared/list/list-search.ts';
import { currentUserQuery } from '../../shared/session/session.queries.ts';
import { Shell } from '../shell/shell.tsx';

interface RouterContext {
  readonly queries: QueryClient;
}

/** Loads a page's texts beside its code. */
export const texts =
  (...areas: Extract<Namespace, string>[]) =>
  () =>
    i18next.loadNamespaces(areas);

/** What the address of every list holds. */
export const plainList = z.object(listSearch);

export const root = createRootRouteWithContext<RouterContext>()({ component: Outlet });

/** Everything that stands inside the shell. */
export const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    const user = await context.queries.ensureQueryData(currentUserQuery);
    // A password that somebody else has set is good for choosing one's own (S3), and the server takes nothing else.
    if (user?.must_change_password === true) {
      throw redirect({ to: '/choose-password', search: { to: location.href === '/' ? undefined : location.href } });
    }
    return { user };
  },
  component: Shell,
});

/** Pages for people who are signed in; others sign in first and come back to this very address. */
export const signedIn = createRoute({
  getParentRoute: () => app,
  id: 'signed-in',
  beforeLoad: ({ context, location }) => {
    if (context.user === null) {
      const to = location.href === '/' ? undefined : location.href;
      throw redirect({ to: '/login', search: { to } });
    }
  },
});
