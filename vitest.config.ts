import { defineConfig } from 'vitest/config';

const conditions = ['@moorage/source', 'import', 'module', 'node', 'default'];
const server = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default defineConfig({
  test: {
    projects: [
      {
        ...server,
        test: {
          name: 'unit',
          include: ['{apps,packages}/*/{src,test}/**/*.spec.ts', 'scripts/**/*.spec.ts'],
          exclude: [
            '**/*.int.spec.ts',
            '**/*.api.spec.ts',
            '**/dist/**',
            '**/node_modules/**',
            'apps/portal/**',
            'packages/ui/**',
            'packages/e2e/**',
          ],
        },
      },
      {
        ...server,
        test: {
          name: 'integration',
          include: ['{apps,packages}/*/{src,test}/**/*.{int,api}.spec.ts'],
          exclude: ['**/dist/**', '**/node_modules/**', 'packages/e2e/**'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
