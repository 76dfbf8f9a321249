import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { safeReturn } from '../../features/session/safe-return.rules.ts';
import { signInSearch } from '../../features/session/sign-in-search.ts';
import { searchText } from '../../shared/list/list-search.ts';
import { currentUserQuery } from '../../shared/session/session.queries.ts';
import { root, texts } from './parents.tsx';

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: signInSearch,
  loader: texts('session'),
  component: lazyRouteComponent(() => import('../../features/session/sign-in.page.tsx'), 'SignInPage'),
});

const signedInElsewhere = createRoute({
  getParentRoute: () => root,
  path: '/signed-in',
  loader: texts('session'),
  component: lazyRouteComponent(() => import('../../features/session/signed-in.page.tsx'), 'SignedInPage'),
});

const onboard = createRoute({
  getParentRoute: () => root,
  path: '/onboard',
  loader: texts('session'),
  component: lazyRouteComponent(() => import('../../features/session/onboard.page.tsx'), 'OnboardPage'),
});

const choosePassword = createRoute({
  getParentRoute: () => root,
  path: '/choose-password',
  validateSearch: z.object({ to: searchText }),
  beforeLoad: async ({ context, search }) => {
    const user = await context.queries.ensureQueryData(currentUserQuery);
    if (user?.must_change_password !== true) throw redirect({ href: safeReturn(search.to) });
  },
  loader: texts('profile'),
  component: lazyRouteComponent(() => import('../../features/profile/choose-password.page.tsx'), 'ChoosePasswordPage'),
});

/** What is open before one is in, outside the shell. */
export const sessionRoutes = [login, signedInElsewhere, onboard, choosePassword];
