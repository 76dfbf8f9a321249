export * from './filesystem/index.ts';
export * from './memory/index.ts';
