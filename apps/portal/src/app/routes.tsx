import { administrationRoutes } from './routes/administration-routes.tsx';
import { catalog } from './routes/catalog-routes.tsx';
import { meRoutes } from './routes/me-routes.tsx';
import { operationRoutes } from './routes/operation-routes.tsx';
import { app, root, signedIn } from './routes/parents.tsx';
import { projectRoutes } from './routes/project-routes.tsx';
import { sessionRoutes } from './routes/session-routes.tsx';

/** The whole address space; unknown places fall to the router's page for them. */
export const routeTree = root.addChildren([
  ...sessionRoutes,
  app.addChildren([
    signedIn.addChildren([catalog.home, ...administrationRoutes, ...operationRoutes, meRoutes]),
    catalog.search,
    catalog.projects,
    projectRoutes,
    catalog.repository,
    catalog.compare,
    catalog.artifact,
  ]),
]);
