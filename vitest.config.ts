import { defineConfig } from 'vitest/config';

// Only our own condition and Node's: vitest hands them to its workers, where `import` would break CommonJS packages.
const conditions = ['@moorage/source', 'node'];
/** Projects run one after the other. Never 0: vitest puts that at the end when there is one worker. */
const inOrder = (groupOrder: number) => ({ sequence: { groupOrder }, maxWorkers: '100%' });
const browser = { resolve: { conditions: ['@moorage/source', 'module', 'browser', 'development'] } };
/** How long a state is waited for: no measure of speed, a machine under load takes many times as long. */
const expect = { poll: { timeout: 45_000 } };
const server = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default defineConfig({
  test: {
    projects: [
      {
        ...server,
        test: {
          name: 'unit',
          ...inOrder(1),
          include: ['{apps,packages}/*/{src,test}/**/*.spec.ts', 'scripts/**/*.spec.ts'],
          exclude: [
            '**/*.int.spec.ts',
            '**/*.api.spec.ts',
            '**/dist/**',
            '**/node_modules/**',
            'apps/portal/**',
            'packages/ui/**',
            '**/*.e2e.spec.ts',
          ],
          // Not a measure of speed: machines under load take several times as long.
          testTimeout: 120_000,
          expect,
        },
      },
      {
        ...browser,
        test: {
          name: 'portal',
          ...inOrder(2),
          include: ['{apps/portal,packages/ui}/src/**/*.spec.{ts,tsx}'],
          environment: 'jsdom',
          setupFiles: ['apps/portal/vitest.setup.ts'],
          css: { modules: { classNameStrategy: 'non-scoped' } },
          testTimeout: 120_000,
          expect,
        },
      },
      {
        ...server,
        test: {
          name: 'integration',
          ...inOrder(3),
          include: ['{apps,packages}/*/{src,test}/**/*.int.spec.ts', '{apps,packages}/*/{src,test}/**/*.api.spec.ts'],
          exclude: ['**/dist/**', '**/node_modules/**', 'packages/e2e/**'],
          globalSetup: ['packages/database/src/embedded/vitest.postgres.ts', 'packages/testing/src/vitest.redis.ts'],
          testTimeout: 240_000,
          hookTimeout: 300_000,
          expect,
        },
      },
      {
        ...server,
        test: {
          name: 'e2e',
          include: ['packages/e2e/src/**/*.e2e.spec.ts'],
          // One file at a time: these suites start servers, daemons and browsers.
          ...inOrder(9),
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect,
        },
      },
    ],
  },
});
