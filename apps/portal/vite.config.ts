import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { schemaFreeContracts } from './schema-free-contracts.ts';
import { sizeBudget } from './size-budget.ts';

/** Where `vite` in watch mode sends API calls; the built portal is served by the core process itself. */
const CORE = process.env.MOORAGE_DEV_CORE ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [schemaFreeContracts(), react(), sizeBudget({ entry: 215 * 1024, page: 50 * 1024, styles: 45 * 1024 })],
  // `@moorage/source` lets the bundler read the packages' sources, with no compile step between.
  resolve: { conditions: ['@moorage/source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: 'dist',
    sourcemap: false,
    assetsInlineLimit: 0,
    // A hash in every name lets the server tell browsers to keep the files for ever.
    rolldownOptions: {
      output: {
        hashCharacters: 'base36',
        codeSplitting: {
          groups: [
            // What every visit needs, in two files: they compress better than sixty small ones, and the libraries among
            // them keep their name while our own part changes.
            { name: 'base', tags: ['$initial'], test: /[\\/]node_modules[\\/]/ },
            { name: 'shell', tags: ['$initial'] },
          ],
        },
      },
    },
    chunkSizeWarningLimit: 800,
  },
  server: {
    host: '127.0.0.1',
    // The host stays as the browser sent it: core compares it with the origin of a call (S37).
    proxy: Object.fromEntries(
      ['/api', '/c/', '/v2', '/service'].map((path) => [path, { target: CORE, changeOrigin: false }]),
    ),
  },
});
