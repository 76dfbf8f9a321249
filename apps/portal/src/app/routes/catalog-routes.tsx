import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { artifactSearch } from '../../features/artifact/artifact-search.ts';
import { compareSearch } from '../../features/artifact/compare-search.ts';
import { projectSearch } from '../../features/project/project-search.ts';
import { repositorySearch } from '../../features/repository/repository-search.ts';
import { searchSearch } from '../../features/search/search-search.ts';
import { app, signedIn, texts } from './parents.tsx';

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  loader: texts('home'),
  component: lazyRouteComponent(() => import('../../features/home/home.page.tsx'), 'HomePage'),
});

const projects = createRoute({
  getParentRoute: () => app,
  path: '/projects',
  validateSearch: projectSearch,
  loader: texts('project'),
  component: lazyRouteComponent(() => import('../../features/project/project-list.page.tsx'), 'ProjectListPage'),
});

const repository = createRoute({
  getParentRoute: () => app,
  path: '/projects/$project/r/$repository',
  validateSearch: repositorySearch,
  loader: texts('repository', 'marks', 'job'),
  component: lazyRouteComponent(() => import('../../features/repository/repository.page.tsx'), 'RepositoryPage'),
});

const compare = createRoute({
  getParentRoute: () => app,
  path: '/projects/$project/compare',
  validateSearch: compareSearch,
  loader: texts('artifact'),
  component: lazyRouteComponent(() => import('../../features/artifact/compare.page.tsx'), 'ComparePage'),
});

const artifact = createRoute({
  getParentRoute: () => app,
  path: '/projects/$project/r/$repository/$reference',
  validateSearch: artifactSearch,
  loader: texts('artifact', 'marks'),
  component: lazyRouteComponent(() => import('../../features/artifact/artifact.page.tsx'), 'ArtifactPage'),
});

const search = createRoute({
  getParentRoute: () => app,
  path: '/search',
  validateSearch: searchSearch,
  loader: texts('search'),
  component: lazyRouteComponent(() => import('../../features/search/search.page.tsx'), 'SearchPage'),
});

/** Where everybody looks first: home, the projects, repositories and what is in them. */
export const catalog = { home, search, projects, repository, compare, artifact };
