import type { Plugin } from 'vite';

const CONTRACTS = /\/packages\/contracts\/src\//;
const STAND_IN = '\0moorage-schema-stand-in';

/**
 * Leaves the schemas of the contracts out of the bundle. The portal sends what the endpoints' types allow and the server
 * validates; the schemas would be a fifth of the first load. What stands in for zod takes every call while the
 * contracts describe themselves, and throws when something tries to validate with it.
 */
export function schemaFreeContracts(): Plugin {
  return {
    name: 'moorage-schema-free-contracts',
    enforce: 'pre',
    resolveId(source, importer) {
      return source === 'zod' && importer !== undefined && CONTRACTS.test(importer) ? STAND_IN : null;
    },
    load(id) {
      return id === STAND_IN ? standIn : null;
    },
  };
}

const standIn = `
const validating = new Set(['parse', 'safeParse', 'parseAsync', 'safeParseAsync', 'decode', 'encode']);
export const z = new Proxy(function schema() {}, {
  get: (_target, key) => {
    if (validating.has(key)) throw new Error('The portal carries no schemas; the server validates.');
    if (key === Symbol.toPrimitive) return () => 'schema';
    return key === 'then' ? undefined : z;
  },
  apply: () => z,
  construct: () => z,
});
`;
