import type { IForbiddenRuleType } from 'dependency-cruiser';
import { LEVELS } from './levels.ts';

const TEST_CODE = '(\\.spec\\.tsx?$|/testing/|^packages/(testing|e2e|tooling)/|^(apps|packages)/[^/]+/test/)';
const ROOM = '^packages/features/src/([^/]+)/';

/** Which workspace packages the source of a package may import. Test code may use `testing` beside them. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'apps/core': ['features', 'contracts', 'distribution', 'database', 'jobs', 'config', 'blob-drivers'],
  'apps/worker': ['features', 'contracts', 'distribution', 'database', 'jobs', 'config', 'blob-drivers'],
  'apps/portal': ['contracts', 'ui'],
  'packages/distribution': [],
  'packages/contracts': [],
  'packages/config': [],
  'packages/ui': [],
  'packages/blob-drivers': ['distribution'],
  'packages/database': ['config'],
  'packages/jobs': ['config', 'contracts', 'database'],
  'packages/features': ['contracts', 'distribution', 'database', 'jobs', 'config'],
};

const IO = [
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'fs',
  'http',
  'http2',
  'https',
  'inspector',
  'os',
  'process',
  'timers',
  'tls',
  'worker_threads',
];

const npm = (...names: readonly string[]) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

function arrows(): IForbiddenRuleType[] {
  return Object.entries(ARROWS).map(([from, targets]) => {
    const allowed = [from, ...targets.map((target) => `packages/${target}`), 'packages/testing'];
    return {
      name: 'arrows',
      comment: `${from} may import ${targets.length > 0 ? targets.join(', ') : 'no other package'}`,
      severity: 'error',
      from: { path: `^${from}/` },
      to: { path: '^(apps|packages)/', pathNot: `^(${allowed.join('|')})/` },
    };
  });
}

function levels(): IForbiddenRuleType[] {
  return LEVELS.slice(0, -1).map(({ name, rooms }, level) => ({
    name: 'never-upward',
    comment: `a room of level ${level} (${name}) imports no room above it; upward notice is a domain event`,
    severity: 'error',
    from: { path: `^packages/features/src/(${rooms.join('|')})/`, pathNot: TEST_CODE },
    to: {
      path: `^packages/features/src/(${LEVELS.slice(level + 1)
        .flatMap((above) => above.rooms)
        .join('|')})/`,
    },
  }));
}

/** The arrows of docs/architecture.md as rules of dependency-cruiser. Paths are relative to the top folder. */
export const BOUNDARY_RULES: readonly IForbiddenRuleType[] = [
  ...arrows(),
  ...levels(),
  {
    name: 'apps-are-islands',
    comment: 'apps never import apps; what two of them need is a package',
    severity: 'error',
    from: { path: '^apps/([^/]+)/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'testing-in-tests-only',
    comment: 'packages/testing is for tests',
    severity: 'error',
    from: { path: '^(apps|packages)/', pathNot: TEST_CODE },
    to: { path: '^packages/testing/' },
  },
  {
    name: 'engine-only-node-builtins',
    comment: 'the engine imports itself and node: modules, nothing else',
    severity: 'error',
    from: { path: '^packages/distribution/src/', pathNot: '(\\.spec\\.ts$|/src/testing/)' },
    to: { pathNot: '^packages/distribution/src/', dependencyTypesNot: ['core'] },
  },
  {
    name: 'contracts-only-zod',
    comment: 'contracts import themselves and zod, nothing else: the portal carries them to browsers',
    severity: 'error',
    from: { path: '^packages/contracts/src/', pathNot: '\\.spec\\.ts$' },
    to: { pathNot: `(^packages/contracts/src/|${npm('zod')})` },
  },
  {
    name: 'rooms-through-index',
    comment: 'a room imports another room only through its index.ts; tests may set the scene with any part',
    severity: 'error',
    from: { path: ROOM, pathNot: TEST_CODE },
    to: { path: '^packages/features/src/[^/]+/', pathNot: '^packages/features/src/($1/|[^/]+/index\\.ts$)' },
  },
  {
    name: 'no-circular-rooms',
    comment: 'two rooms that need each other: move one need into an event or into a third, lower room',
    severity: 'error',
    scope: 'folder',
    from: { path: '^packages/features/src/[^/]+$' },
    to: { circular: true },
  },
  {
    name: 'no-circular-files',
    comment: 'files import each other in a circle; only types may',
    severity: 'error',
    from: { path: '^(apps|packages)/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'rules-are-pure',
    comment:
      '*.rules.ts decide from their arguments: no I/O, no framework, no stores or services; types may come from anywhere',
    severity: 'error',
    from: { path: '\\.rules\\.ts$', pathNot: '^packages/tooling/' },
    to: {
      path: `(^(node:)?(${IO.join('|')})(/|$)|\\.(store|service|controller|module|entity|processor|queries)\\.tsx?$|^packages/(database|jobs|config)/|node_modules/(?!(\\.pnpm|zod|re2js|semver)(/|@)))`,
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'orm-only-in-store',
    comment: 'the ORM and the PostgreSQL driver appear in *.store.ts, *.entity.ts, packages/database and packages/jobs',
    severity: 'error',
    from: {
      path: '^(apps|packages)/',
      pathNot: `(\\.(store|entity)\\.ts$|^packages/(database|jobs)/|${TEST_CODE})`,
    },
    to: { path: npm('typeorm', 'pg', 'pg-query-stream', '@nestjs/typeorm') },
  },
  {
    name: 'queue-library-only-in-jobs',
    comment: 'bullmq and ioredis stay behind packages/jobs',
    severity: 'error',
    from: { path: '^(apps|packages)/', pathNot: '^packages/jobs/' },
    to: { path: npm('bullmq', 'ioredis', '@nestjs/bullmq') },
  },
  {
    name: 'cloud-only-in-blob-drivers',
    comment: 'cloud SDKs stay behind packages/blob-drivers',
    severity: 'error',
    from: { path: '^(apps|packages)/', pathNot: '^packages/blob-drivers/' },
    to: { path: npm('@aws-sdk', '@azure', '@google-cloud') },
  },
  {
    name: 'outgoing-only-in-egress',
    comment:
      'rooms, apps and jobs open no connections of their own: EgressService decides where they may go; types may come from anywhere, and throttle only asks what an address is',
    severity: 'error',
    from: {
      path: '^(packages/(features|contracts)/src|apps/worker/src)/',
      pathNot: `(^packages/features/src/(egress/|throttle/throttle\\.rules\\.ts$)|${TEST_CODE})`,
    },
    to: {
      path: `(^(node:)?(http|https|http2|net|tls|dgram|dns)(/|$)|${npm('undici', 'axios', 'node-fetch', 'got')})`,
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'controller-not-store',
    comment: 'three hops: controller, service, store',
    severity: 'error',
    from: { path: '\\.controller\\.ts$' },
    to: { path: '\\.(store|entity)\\.ts$' },
  },
  {
    name: 'portal-features-independent',
    comment: 'a portal feature imports no other feature and nothing of the app shell; shared parts live in src/shared',
    severity: 'error',
    from: { path: '^apps/portal/src/features/([^/]+)/' },
    to: { path: '^apps/portal/src/(features|app)/', pathNot: '^apps/portal/src/features/$1/' },
  },
  {
    name: 'portal-shared-below-features',
    comment: 'what all features share knows none of them',
    severity: 'error',
    from: { path: '^apps/portal/src/shared/' },
    to: { path: '^apps/portal/src/(features|app)/' },
  },
  {
    name: 'mantine-only-in-ui',
    comment: 'one Mantine version, imported through packages/ui',
    severity: 'error',
    from: { path: '^(apps|packages)/', pathNot: '^packages/ui/' },
    to: { path: npm('@mantine') },
  },
  {
    name: 'declared-dependencies',
    comment: 'what a package imports stands in its own package.json',
    severity: 'error',
    from: { path: '^(apps|packages)/', pathNot: '(\\.spec\\.tsx?$|/testing/|vite(st)?[.-])' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
  },
  {
    name: 'no-development-packages',
    comment: 'product code imports nothing from devDependencies',
    severity: 'error',
    from: { path: '^(apps/(core|worker)|packages)/', pathNot: `${TEST_CODE}|vitest` },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
];
