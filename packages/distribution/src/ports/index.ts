export * from './blob-store.ts';
export * from './context.ts';
export * from './errors.ts';
export * from './hooks.ts';
export * from './metadata-store.ts';
export * from './upload-store.ts';
