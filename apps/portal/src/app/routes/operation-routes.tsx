import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { listSearch, searchChoice, searchText } from '../../shared/list/list-search.ts';
import { plainList, signedIn, texts } from './parents.tsx';

const jobs = createRoute({
  getParentRoute: () => signedIn,
  path: '/jobs',
  loader: texts('job-monitor', 'job'),
  component: lazyRouteComponent(() => import('../../features/job-monitor/jobs-frame.tsx'), 'JobsFrame'),
});

const runs = createRoute({
  getParentRoute: () => jobs,
  path: '/',
  validateSearch: z.object({ ...listSearch, work: searchText, status: searchText }),
  component: lazyRouteComponent(() => import('../../features/job-monitor/run-list.page.tsx'), 'RunListPage'),
});

const queues = createRoute({
  getParentRoute: () => jobs,
  path: '/queues',
  component: lazyRouteComponent(() => import('../../features/job-monitor/queue-list.page.tsx'), 'QueueListPage'),
});

const schedules = createRoute({
  getParentRoute: () => jobs,
  path: '/schedules',
  validateSearch: plainList,
  component: lazyRouteComponent(() => import('../../features/job-monitor/schedule-list.page.tsx'), 'ScheduleListPage'),
});

const workers = createRoute({
  getParentRoute: () => jobs,
  path: '/workers',
  component: lazyRouteComponent(() => import('../../features/job-monitor/worker-list.page.tsx'), 'WorkerListPage'),
});

const run = createRoute({
  getParentRoute: () => jobs,
  path: '/$executionId',
  validateSearch: z.object({ ...listSearch, task: searchText }),
  component: lazyRouteComponent(() => import('../../features/job-monitor/run.page.tsx'), 'RunPage'),
});

const quotas = createRoute({
  getParentRoute: () => signedIn,
  path: '/quotas',
  validateSearch: plainList,
  loader: texts('quota'),
  component: lazyRouteComponent(() => import('../../features/quota/quota-list.page.tsx'), 'QuotaListPage'),
});

const storage = createRoute({
  getParentRoute: () => signedIn,
  path: '/storage',
  loader: texts('storage', 'job'),
  component: lazyRouteComponent(() => import('../../features/storage/storage-frame.tsx'), 'StorageFrame'),
});

const collections = createRoute({
  getParentRoute: () => storage,
  path: '/',
  validateSearch: plainList,
  component: lazyRouteComponent(() => import('../../features/storage/collection-list.page.tsx'), 'CollectionListPage'),
});

const checks = createRoute({
  getParentRoute: () => storage,
  path: '/checks',
  validateSearch: z.object({
    ...listSearch,
    problem: searchChoice(['unknown-object', 'missing-object', 'corrupt-object', 'wrong-size']),
    state: searchChoice(['found', 'quarantined', 'set-aside', 'healed']),
  }),
  loader: texts('storage-check'),
  component: lazyRouteComponent(() => import('../../features/storage-check/checks.page.tsx'), 'ChecksPage'),
});

const collection = createRoute({
  getParentRoute: () => storage,
  path: '/$gcId',
  component: lazyRouteComponent(() => import('../../features/storage/collection.page.tsx'), 'CollectionPage'),
});

/** The pages about what the installation does and holds. */
export const operationRoutes = [
  jobs.addChildren([runs, queues, schedules, workers, run]),
  quotas,
  storage.addChildren([collections, checks, collection]),
];
