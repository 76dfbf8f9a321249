import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { accessSearch } from '../../features/access/access-search.ts';
import { auditSearch } from '../../features/audit/audit-search.ts';
import { repositoryListSearch } from '../../features/repository/repository-search.ts';
import { projectTrashSearch } from '../../features/trash/trash-search.ts';
import { listSearch, searchChoice, searchFlag, searchText } from '../../shared/list/list-search.ts';
import { plainList, texts } from './parents.tsx';
import { policyRoutes } from './policy-routes.tsx';
import { project } from './project-parent.tsx';
import { robotSearch } from '../../features/robot/robot-search.ts';

const projectOverview = createRoute({
  getParentRoute: () => project,
  path: '/',
  component: lazyRouteComponent(
    () => import('../../features/project/project-overview.page.tsx'),
    'ProjectOverviewPage',
  ),
});

const repositories = createRoute({
  getParentRoute: () => project,
  path: '/repositories',
  validateSearch: repositoryListSearch,
  loader: texts('repository'),
  component: lazyRouteComponent(
    () => import('../../features/repository/repository-list.page.tsx'),
    'RepositoryListPage',
  ),
});

const members = createRoute({
  getParentRoute: () => project,
  path: '/members',
  validateSearch: z.object({ ...listSearch, role: searchText }),
  loader: texts('member'),
  component: lazyRouteComponent(() => import('../../features/member/member-list.page.tsx'), 'MemberListPage'),
});

const projectAccess = createRoute({
  getParentRoute: () => project,
  path: '/access',
  validateSearch: accessSearch,
  loader: texts('access', 'permission'),
  component: lazyRouteComponent(() => import('../../features/access/access-check.page.tsx'), 'ProjectAccessPage'),
});

const projectRobots = createRoute({
  getParentRoute: () => project,
  path: '/robots',
  validateSearch: robotSearch,
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../../features/robot/project-robots.page.tsx'), 'ProjectRobotsPage'),
});

const newProjectRobot = createRoute({
  getParentRoute: () => project,
  path: '/robots/new',
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../../features/robot/robot-wizard.page.tsx'), 'ProjectRobotWizardPage'),
});

const projectRobot = createRoute({
  getParentRoute: () => project,
  path: '/robots/$robotId',
  loader: texts('robot', 'permission'),
  component: lazyRouteComponent(() => import('../../features/robot/robot-detail.page.tsx'), 'ProjectRobotPage'),
});

const federation = createRoute({
  getParentRoute: () => project,
  path: '/federation',
  validateSearch: plainList,
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(
    () => import('../../features/federation/federation-list.page.tsx'),
    'FederationListPage',
  ),
});

const newRule = createRoute({
  getParentRoute: () => project,
  path: '/federation/new',
  validateSearch: z.object({ ci: searchChoice(['github', 'gitlab', 'circleci', 'kubernetes', 'other']) }),
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../../features/federation/rule-wizard.page.tsx'), 'RuleWizardPage'),
});

const tryToken = createRoute({
  getParentRoute: () => project,
  path: '/federation/try',
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../../features/federation/token-trial.page.tsx'), 'TokenTrialPage'),
});

const rule = createRoute({
  getParentRoute: () => project,
  path: '/federation/$ruleId',
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../../features/federation/rule.page.tsx'), 'RulePage'),
});

const editRule = createRoute({
  getParentRoute: () => project,
  path: '/federation/$ruleId/edit',
  loader: texts('federation', 'permission'),
  component: lazyRouteComponent(() => import('../../features/federation/rule-wizard.page.tsx'), 'RuleEditPage'),
});

const labels = createRoute({
  getParentRoute: () => project,
  path: '/labels',
  validateSearch: z.object({ ...listSearch, create: searchFlag }),
  loader: texts('label', 'marks'),
  component: lazyRouteComponent(() => import('../../features/label/project-labels.page.tsx'), 'ProjectLabelsPage'),
});

const storage = createRoute({
  getParentRoute: () => project,
  path: '/storage',
  loader: texts('quota'),
  component: lazyRouteComponent(() => import('../../features/quota/project-storage.page.tsx'), 'ProjectStoragePage'),
});

const keptBlobs = createRoute({
  getParentRoute: () => project,
  path: '/storage/blobs',
  validateSearch: z.object({ ...listSearch, reason: searchChoice(['manifest', 'trash', 'lease', 'unneeded']) }),
  loader: texts('quota'),
  component: lazyRouteComponent(() => import('../../features/quota/kept-blobs.page.tsx'), 'KeptBlobsPage'),
});

const activity = createRoute({
  getParentRoute: () => project,
  path: '/activity',
  validateSearch: auditSearch,
  loader: texts('audit'),
  component: lazyRouteComponent(() => import('../../features/audit/project-activity.page.tsx'), 'ProjectActivityPage'),
});

const trash = createRoute({
  getParentRoute: () => project,
  path: '/trash',
  validateSearch: projectTrashSearch,
  loader: texts('trash', 'job'),
  component: lazyRouteComponent(() => import('../../features/trash/project-trash.page.tsx'), 'ProjectTrashPage'),
});

const projectSettings = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  component: lazyRouteComponent(
    () => import('../../features/project/project-settings.page.tsx'),
    'ProjectSettingsPage',
  ),
});

/** A project and its views. */
export const projectRoutes = project.addChildren([
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
  labels,
  policyRoutes,
  storage,
  keptBlobs,
  activity,
  trash,
  projectSettings,
]);
