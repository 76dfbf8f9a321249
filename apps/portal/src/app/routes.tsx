import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import i18next, { type Namespace } from 'i18next';
import * as z from 'zod/mini';
import { accessSearch } from '../features/access/access-search.ts';
import { artifactSearch } from '../features/artifact/artifact-search.ts';
import { auditSearch } from '../features/audit/audit-search.ts';
import { projectSearch } from '../features/project/project-search.ts';
import { repositorySearch, repositoryListSearch } from '../features/repository/repository-search.ts';
import { signInSearch } from '../features/session/sign-in-search.ts';
import { listSearch, searchChoice, searchText } from '../shared/list/list-search.ts';
import { currentUserQuery } from '../shared/session/session.queries.ts';
import { Shell } from './shell/shell.tsx';

interface RouterContext {
  readonly queries: QueryClient;
}

/** Loads a page's texts beside its code. */
const texts =
  (...areas: Extract<Namespace, string>[]) =>
  () =>
    i18next.loadNamespaces(areas);

const plainList = z.object(listSearch);

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: signInSearch,
  loader: texts('session'),
  component: lazyRouteComponent(() => import('../features/session/sign-in.page.tsx'), 'SignInPage'),
});

const signedInElsewhere = createRoute({
  getParentRoute: () => root,
  path: '/signed-in',
  loader: texts('session'),
  component: lazyRouteComponent(() => import('../features/session/signed-in.page.tsx'), 'SignedInPage'),
});

const onboard = createRoute({
  getParentRoute: () => root,
  path: '/onboard',
  loader: texts('session'),
  component: lazyRouteComponent(() => import('../features/session/onboard.page.tsx'), 'OnboardPage'),
});

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ context }) => ({ user: await context.queries.ensureQueryData(currentUserQuery) }),
  component: Shell,
});

/** Pages for people who are signed in; others sign in first and come back to this very address. */
const signedIn = createRoute({
  getParentRoute: () => app,
  id: 'signed-in',
  beforeLoad: ({ context, location }) => {
    if (context.user === null) {
      const to = location.href === '/' ? undefined : location.href;
      throw redirect({ to: '/login', search: { to } });
    }
  },
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  loader: texts('home'),
  component: lazyRouteComponent(() => import('../features/home/home.page.tsx'), 'HomePage'),
});

const projects = createRoute({
  getParentRoute: () => app,
  path: '/projects',
  validateSearch: projectSearch,
  loader: texts('project'),
  component: lazyRouteComponent(() => import('../features/project/project-list.page.tsx'), 'ProjectListPage'),
});

const project = createRoute({
  getParentRoute: () => app,
  path: '/projects/$project',
  loader: texts('project'),
  component: lazyRouteComponent(() => import('../features/project/project-frame.tsx'), 'ProjectFrame'),
});

const projectOverview = createRoute({
  getParentRoute: () => project,
  path: '/',
  component: lazyRouteComponent(() => import('../features/project/project-overview.page.tsx'), 'ProjectOverviewPage'),
});

const repositories = createRoute({
  getParentRoute: () => project,
  path: '/repositories',
  validateSearch: repositoryListSearch,
  loader: texts('repository'),
  component: lazyRouteComponent(() => import('../features/repository/repository-list.page.tsx'), 'RepositoryListPage'),
});

const members = createRoute({
  getParentRoute: () => project,
  path: '/members',
  validateSearch: z.object({ ...listSearch, role: searchText }),
  loader: texts('member'),
  component: lazyRouteComponent(() => import('../features/member/member-list.page.tsx'), 'MemberListPage'),
});

const projectAccess = createRoute({
  getParentRoute: () => project,
  path: '/access',
  validateSearch: accessSearch,
  loader: texts('access', 'permission'),
  component: lazyRouteComponent(() => import('../features/access/access-check.page.tsx'), 'ProjectAccessPage'),
});

const projectRobots = createRoute({
  getParentRoute: () => project,
  path: '/robots',
  validateSearch: plainList,
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../features/robot/project-robots.page.tsx'), 'ProjectRobotsPage'),
});

const newProjectRobot = createRoute({
  getParentRoute: () => project,
  path: '/robots/new',
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../features/robot/robot-wizard.page.tsx'), 'ProjectRobotWizardPage'),
});

const projectRobot = createRoute({
  getParentRoute: () => project,
  path: '/robots/$robotId',
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../features/robot/robot-detail.page.tsx'), 'ProjectRobotPage'),
});

const federation = createRoute({
  getParentRoute: () => project,
  path: '/federation',
  validateSearch: plainList,
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../features/federation/federation-list.page.tsx'), 'FederationListPage'),
});

const newRule = createRoute({
  getParentRoute: () => project,
  path: '/federation/new',
  validateSearch: z.object({ ci: searchChoice(['github', 'gitlab', 'circleci', 'kubernetes', 'other']) }),
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../features/federation/rule-wizard.page.tsx'), 'RuleWizardPage'),
});

const tryToken = createRoute({
  getParentRoute: () => project,
  path: '/federation/try',
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../features/federation/token-trial.page.tsx'), 'TokenTrialPage'),
});

const rule = createRoute({
  getParentRoute: () => project,
  path: '/federation/$ruleId',
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../features/federation/rule.page.tsx'), 'RulePage'),
});

const editRule = createRoute({
  getParentRoute: () => project,
  path: '/federation/$ruleId/edit',
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../features/federation/rule-wizard.page.tsx'), 'RuleEditPage'),
});

const activity = createRoute({
  getParentRoute: () => project,
  path: '/activity',
  validateSearch: auditSearch,
  loader: texts('audit'),
  component: lazyRouteComponent(() => import('../features/audit/project-activity.page.tsx'), 'ProjectActivityPage'),
});

const projectSettings = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/project/project-settings.page.tsx'), 'ProjectSettingsPage'),
});

const repository = createRoute({
  getParentRoute: () => app,
  path: '/projects/$project/r/$repository',
  validateSearch: repositorySearch,
  loader: texts('repository'),
  component: lazyRouteComponent(() => import('../features/repository/repository.page.tsx'), 'RepositoryPage'),
});

const artifact = createRoute({
  getParentRoute: () => app,
  path: '/projects/$project/r/$repository/$reference',
  validateSearch: artifactSearch,
  loader: texts('artifact'),
  component: lazyRouteComponent(() => import('../features/artifact/artifact.page.tsx'), 'ArtifactPage'),
});

const users = createRoute({
  getParentRoute: () => signedIn,
  path: '/users',
  validateSearch: plainList,
  loader: texts('user'),
  component: lazyRouteComponent(() => import('../features/user/user-list.page.tsx'), 'UserListPage'),
});

const groups = createRoute({
  getParentRoute: () => signedIn,
  path: '/groups',
  validateSearch: z.object({ ...listSearch, kind: searchText }),
  loader: texts('group'),
  component: lazyRouteComponent(() => import('../features/group/group-list.page.tsx'), 'GroupListPage'),
});

const group = createRoute({
  getParentRoute: () => signedIn,
  path: '/groups/$groupId',
  validateSearch: z.object({ ...listSearch, view: searchChoice(['projects']) }),
  loader: texts('group'),
  component: lazyRouteComponent(() => import('../features/group/group.page.tsx'), 'GroupPage'),
});

const access = createRoute({
  getParentRoute: () => signedIn,
  path: '/access',
  validateSearch: accessSearch,
  loader: texts('access', 'permission'),
  component: lazyRouteComponent(() => import('../features/access/access-check.page.tsx'), 'SystemAccessPage'),
});

const robots = createRoute({
  getParentRoute: () => signedIn,
  path: '/robots',
  validateSearch: plainList,
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../features/robot/system-robots.page.tsx'), 'SystemRobotsPage'),
});

const newRobot = createRoute({
  getParentRoute: () => signedIn,
  path: '/robots/new',
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../features/robot/robot-wizard.page.tsx'), 'SystemRobotWizardPage'),
});

const robot = createRoute({
  getParentRoute: () => signedIn,
  path: '/robots/$robotId',
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../features/robot/robot-detail.page.tsx'), 'SystemRobotPage'),
});

const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  validateSearch: auditSearch,
  loader: texts('audit'),
  component: lazyRouteComponent(() => import('../features/audit/audit.page.tsx'), 'AuditPage'),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  loader: texts('configuration'),
  component: lazyRouteComponent(() => import('../features/configuration/settings-frame.tsx'), 'SettingsFrame'),
});

const generalSettings = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('../features/configuration/settings.page.tsx'), 'SettingsPage'),
});

const sources = createRoute({
  getParentRoute: () => settings,
  path: '/auth',
  validateSearch: plainList,
  loader: texts('identity-source'),
  component: lazyRouteComponent(() => import('../features/identity-source/source-list.page.tsx'), 'SourceListPage'),
});

const newSource = createRoute({
  getParentRoute: () => settings,
  path: '/auth/new',
  validateSearch: z.object({ kind: searchChoice(['oidc', 'ldap', 'auth_proxy']) }),
  loader: texts('identity-source'),
  component: lazyRouteComponent(() => import('../features/identity-source/source-form.page.tsx'), 'SourceNewPage'),
});

const source = createRoute({
  getParentRoute: () => settings,
  path: '/auth/$sourceId',
  loader: texts('identity-source'),
  component: lazyRouteComponent(() => import('../features/identity-source/source-form.page.tsx'), 'SourcePage'),
});

const me = createRoute({
  getParentRoute: () => signedIn,
  path: '/me',
  loader: texts('profile'),
  component: lazyRouteComponent(() => import('../features/profile/my-frame.tsx'), 'MyFrame'),
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
  component: lazyRouteComponent(() => import('../features/profile/profile.page.tsx'), 'ProfilePage'),
});

const myCommandLine = createRoute({
  getParentRoute: () => me,
  path: '/cli',
  component: lazyRouteComponent(() => import('../features/profile/command-line.page.tsx'), 'CommandLinePage'),
});

const myTokens = createRoute({
  getParentRoute: () => me,
  path: '/tokens',
  validateSearch: plainList,
  loader: texts('personal-token'),
  component: lazyRouteComponent(
    () => import('../features/personal-token/personal-tokens.page.tsx'),
    'PersonalTokensPage',
  ),
});

const newToken = createRoute({
  getParentRoute: () => me,
  path: '/tokens/new',
  loader: texts('personal-token', 'permission'),
  component: lazyRouteComponent(
    () => import('../features/personal-token/personal-token-new.page.tsx'),
    'PersonalTokenNewPage',
  ),
});

const mySessions = createRoute({
  getParentRoute: () => me,
  path: '/sessions',
  validateSearch: plainList,
  loader: texts('session'),
  component: lazyRouteComponent(() => import('../features/session/own-sessions.page.tsx'), 'OwnSessionsPage'),
});

const mySecondFactor = createRoute({
  getParentRoute: () => me,
  path: '/security',
  loader: texts('second-factor'),
  component: lazyRouteComponent(() => import('../features/second-factor/second-factor.page.tsx'), 'SecondFactorPage'),
});

const myPreferences = createRoute({
  getParentRoute: () => me,
  path: '/preferences',
  component: lazyRouteComponent(() => import('../features/profile/preferences.page.tsx'), 'PreferencesPage'),
});

/** The whole address space; unknown places fall to the router's page for them. */
export const routeTree = root.addChildren([
  login,
  signedInElsewhere,
  onboard,
  app.addChildren([
    signedIn.addChildren([
      home,
      users,
      groups,
      group,
      access,
      robots,
      newRobot,
      robot,
      audit,
      settings.addChildren([generalSettings, sources, newSource, source]),
      me.addChildren([
        myStart,
        myProfile,
        myCommandLine,
        myTokens,
        newToken,
        mySessions,
        mySecondFactor,
        myPreferences,
      ]),
    ]),
    projects,
    project.addChildren([
      projectOverview,
      repositories,
      members,
      projectAccess,
      projectRobots,
      newProjectRobot,
      projectRobot,
      federation,
      newRule,
      tryToken,
      rule,
      editRule,
      activity,
      projectSettings,
    ]),
    repository,
    artifact,
  ]),
]);
