import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { accessSearch } from '../../features/access/access-search.ts';
import { auditSearch } from '../../features/audit/audit-search.ts';
import { trashSearch } from '../../features/trash/trash-search.ts';
import { listSearch, searchChoice, searchFlag, searchText } from '../../shared/list/list-search.ts';
import { signedIn, plainList, texts } from './parents.tsx';
import { robotSearch } from '../../features/robot/robot-search.ts';

const users = createRoute({
  getParentRoute: () => signedIn,
  path: '/users',
  validateSearch: plainList,
  loader: texts('user'),
  component: lazyRouteComponent(() => import('../../features/user/user-list.page.tsx'), 'UserListPage'),
});

const user = createRoute({
  getParentRoute: () => signedIn,
  path: '/users/$userId',
  validateSearch: z.object({ ...listSearch, view: searchChoice(['tokens', 'sessions']) }),
  loader: texts('user'),
  component: lazyRouteComponent(() => import('../../features/user/user.page.tsx'), 'UserPage'),
});

const groups = createRoute({
  getParentRoute: () => signedIn,
  path: '/groups',
  validateSearch: z.object({ ...listSearch, kind: searchText }),
  loader: texts('group'),
  component: lazyRouteComponent(() => import('../../features/group/group-list.page.tsx'), 'GroupListPage'),
});

const group = createRoute({
  getParentRoute: () => signedIn,
  path: '/groups/$groupId',
  validateSearch: z.object({ ...listSearch, view: searchChoice(['projects']) }),
  loader: texts('group'),
  component: lazyRouteComponent(() => import('../../features/group/group.page.tsx'), 'GroupPage'),
});

const access = createRoute({
  getParentRoute: () => signedIn,
  path: '/access',
  validateSearch: accessSearch,
  loader: texts('access', 'permission'),
  component: lazyRouteComponent(() => import('../../features/access/access-check.page.tsx'), 'SystemAccessPage'),
});

const robots = createRoute({
  getParentRoute: () => signedIn,
  path: '/robots',
  validateSearch: robotSearch,
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../../features/robot/system-robots.page.tsx'), 'SystemRobotsPage'),
});

const newRobot = createRoute({
  getParentRoute: () => signedIn,
  path: '/robots/new',
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../../features/robot/robot-wizard.page.tsx'), 'SystemRobotWizardPage'),
});

const robot = createRoute({
  getParentRoute: () => signedIn,
  path: '/robots/$robotId',
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../../features/robot/robot-detail.page.tsx'), 'SystemRobotPage'),
});

const federation = createRoute({
  getParentRoute: () => signedIn,
  path: '/federation',
  validateSearch: plainList,
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(
    () => import('../../features/federation/federation-list.page.tsx'),
    'SystemFederationPage',
  ),
});

const newRule = createRoute({
  getParentRoute: () => signedIn,
  path: '/federation/new',
  validateSearch: z.object({ ci: searchChoice(['github', 'gitlab', 'circleci', 'kubernetes', 'other']) }),
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../../features/federation/rule-wizard.page.tsx'), 'SystemRuleWizardPage'),
});

const tryToken = createRoute({
  getParentRoute: () => signedIn,
  path: '/federation/try',
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../../features/federation/token-trial.page.tsx'), 'SystemTokenTrialPage'),
});

const rule = createRoute({
  getParentRoute: () => signedIn,
  path: '/federation/$ruleId',
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../../features/federation/rule.page.tsx'), 'SystemRulePage'),
});

const editRule = createRoute({
  getParentRoute: () => signedIn,
  path: '/federation/$ruleId/edit',
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../../features/federation/rule-wizard.page.tsx'), 'SystemRuleEditPage'),
});

const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  validateSearch: auditSearch,
  loader: texts('audit'),
  component: lazyRouteComponent(() => import('../../features/audit/audit.page.tsx'), 'AuditPage'),
});

const trash = createRoute({
  getParentRoute: () => signedIn,
  path: '/trash',
  validateSearch: trashSearch,
  loader: texts('trash'),
  component: lazyRouteComponent(() => import('../../features/trash/system-trash.page.tsx'), 'SystemTrashPage'),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  loader: texts('configuration'),
  component: lazyRouteComponent(() => import('../../features/configuration/settings-frame.tsx'), 'SettingsFrame'),
});

const generalSettings = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('../../features/configuration/settings.page.tsx'), 'SettingsPage'),
});

const sources = createRoute({
  getParentRoute: () => settings,
  path: '/auth',
  validateSearch: plainList,
  loader: texts('identity-source'),
  component: lazyRouteComponent(() => import('../../features/identity-source/source-list.page.tsx'), 'SourceListPage'),
});

const refusals = createRoute({
  getParentRoute: () => settings,
  path: '/egress',
  validateSearch: z.object({ ...listSearch, reason: searchText }),
  loader: texts('egress'),
  component: lazyRouteComponent(() => import('../../features/egress/refusals.page.tsx'), 'RefusalsPage'),
});

const newSource = createRoute({
  getParentRoute: () => settings,
  path: '/auth/new',
  validateSearch: z.object({ kind: searchChoice(['oidc', 'ldap', 'auth_proxy']) }),
  loader: texts('identity-source'),
  component: lazyRouteComponent(() => import('../../features/identity-source/source-form.page.tsx'), 'SourceNewPage'),
});

const source = createRoute({
  getParentRoute: () => settings,
  path: '/auth/$sourceId',
  loader: texts('identity-source'),
  component: lazyRouteComponent(() => import('../../features/identity-source/source-form.page.tsx'), 'SourcePage'),
});

const globalLabels = createRoute({
  getParentRoute: () => settings,
  path: '/labels',
  validateSearch: z.object({ ...listSearch, create: searchFlag }),
  loader: texts('label', 'marks'),
  component: lazyRouteComponent(() => import('../../features/label/global-labels.page.tsx'), 'GlobalLabelsPage'),
});

/** The pages of administrators. */
export const administrationRoutes = [
  users,
  user,
  groups,
  group,
  access,
  robots,
  newRobot,
  robot,
  federation,
  newRule,
  tryToken,
  rule,
  editRule,
  audit,
  trash,
  settings.addChildren([generalSettings, sources, newSource, source, refusals, globalLabels]),
];
