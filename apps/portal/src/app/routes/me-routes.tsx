import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { signedIn, plainList, texts } from './parents.tsx';

const me = createRoute({
  getParentRoute: () => signedIn,
  path: '/me',
  loader: texts('profile'),
  component: lazyRouteComponent(() => import('../../features/profile/my-frame.tsx'), 'MyFrame'),
});

const myStart = createRoute({
  getParentRoute: () => me,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/me/profile', replace: true });
  },
});

const myProfile = createRoute({
  getParentRoute: () => me,
  path: '/profile',
  component: lazyRouteComponent(() => import('../../features/profile/profile.page.tsx'), 'ProfilePage'),
});

const myCommandLine = createRoute({
  getParentRoute: () => me,
  path: '/cli',
  component: lazyRouteComponent(() => import('../../features/profile/command-line.page.tsx'), 'CommandLinePage'),
});

const myTokens = createRoute({
  getParentRoute: () => me,
  path: '/tokens',
  validateSearch: plainList,
  loader: texts('personal-token'),
  component: lazyRouteComponent(
    () => import('../../features/personal-token/personal-tokens.page.tsx'),
    'PersonalTokensPage',
  ),
});

const newToken = createRoute({
  getParentRoute: () => me,
  path: '/tokens/new',
  loader: texts('personal-token', 'permission'),
  component: lazyRouteComponent(
    () => import('../../features/personal-token/personal-token-new.page.tsx'),
    'PersonalTokenNewPage',
  ),
});

const mySessions = createRoute({
  getParentRoute: () => me,
  path: '/sessions',
  validateSearch: plainList,
  loader: texts('session'),
  component: lazyRouteComponent(() => import('../../features/session/own-sessions.page.tsx'), 'OwnSessionsPage'),
});

const mySecondFactor = createRoute({
  getParentRoute: () => me,
  path: '/security',
  loader: texts('second-factor'),
  component: lazyRouteComponent(
    () => import('../../features/second-factor/second-factor.page.tsx'),
    'SecondFactorPage',
  ),
});

const myPreferences = createRoute({
  getParentRoute: () => me,
  path: '/preferences',
  component: lazyRouteComponent(() => import('../../features/profile/preferences.page.tsx'), 'PreferencesPage'),
});

/** The pages about oneself. */
export const meRoutes = me.addChildren([
  myStart,
  myProfile,
  myCommandLine,
  myTokens,
  newToken,
  mySessions,
  mySecondFactor,
  myPreferences,
]);
