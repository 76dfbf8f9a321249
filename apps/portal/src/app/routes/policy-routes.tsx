import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { listSearch, searchChoice, searchText } from '../../shared/list/list-search.ts';
import { plainList, texts } from './parents.tsx';
import { project } from './project-parent.tsx';

const policies = createRoute({
  getParentRoute: () => project,
  path: '/policies',
  component: lazyRouteComponent(() => import('../../features/project/policies-frame.tsx'), 'PoliciesFrame'),
});

const start = createRoute({
  getParentRoute: () => policies,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/projects/$project/policies/retention', params, search: {}, replace: true });
  },
});

const retention = createRoute({
  getParentRoute: () => policies,
  path: '/retention',
  validateSearch: plainList,
  loader: texts('retention', 'policy', 'job'),
  component: lazyRouteComponent(() => import('../../features/retention/retention.page.tsx'), 'RetentionPage'),
});

const retentionBuilder = createRoute({
  getParentRoute: () => policies,
  path: '/retention/edit',
  validateSearch: z.object({ ...listSearch, decision: searchChoice(['keep', 'delete']) }),
  loader: texts('retention', 'policy', 'job'),
  component: lazyRouteComponent(() => import('../../features/retention/builder.page.tsx'), 'RetentionBuilderPage'),
});

const retentionRun = createRoute({
  getParentRoute: () => policies,
  path: '/retention/runs/$runId',
  validateSearch: z.object({ ...listSearch, task: searchText }),
  loader: texts('retention', 'job'),
  component: lazyRouteComponent(() => import('../../features/retention/run.page.tsx'), 'RetentionRunPage'),
});

const immutability = createRoute({
  getParentRoute: () => policies,
  path: '/immutability',
  validateSearch: plainList,
  loader: texts('immutability', 'policy'),
  component: lazyRouteComponent(() => import('../../features/immutability/rule-list.page.tsx'), 'ImmutabilityPage'),
});

const newImmutableRule = createRoute({
  getParentRoute: () => policies,
  path: '/immutability/new',
  validateSearch: plainList,
  loader: texts('immutability', 'policy'),
  component: lazyRouteComponent(
    () => import('../../features/immutability/rule-editor.page.tsx'),
    'ImmutableRuleNewPage',
  ),
});

const immutableRule = createRoute({
  getParentRoute: () => policies,
  path: '/immutability/$ruleId',
  validateSearch: plainList,
  loader: texts('immutability', 'policy'),
  component: lazyRouteComponent(() => import('../../features/immutability/rule-editor.page.tsx'), 'ImmutableRulePage'),
});

/** The rules of a project about what is in it. */
export const policyRoutes = policies.addChildren([
  start,
  retention,
  retentionBuilder,
  retentionRun,
  immutability,
  newImmutableRule,
  immutableRule,
]);
