export * from './contract/index.ts';
export * from './protocol/index.ts';
export { type ServedRegistry, serveRegistry } from './serve-registry.ts';
