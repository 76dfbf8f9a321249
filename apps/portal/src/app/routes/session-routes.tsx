import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signInSearch } from '../../features/session/sign-in-search.ts';
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

/** What is open before one is in, outside the shell. */
export const sessionRoutes = [login, signedInElsewhere, onboard];
