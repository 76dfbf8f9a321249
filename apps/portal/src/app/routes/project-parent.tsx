import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { app, texts } from './parents.tsx';

/** What every page of a project stands in. */
export const project = createRoute({
  getParentRoute: () => app,
  path: '/projects/$project',
  loader: texts('project'),
  component: lazyRouteComponent(() => import('../../features/project/project-frame.tsx'), 'ProjectFrame'),
});
