export * from './digest.ts';
export * from './manifest.ts';
export * from './ports/index.ts';
export * from './reference.ts';
