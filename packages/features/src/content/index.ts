export { ContentChanges } from './content-changes.store.ts';
export { ContentDatabase, Kept } from './content-database.store.ts';
export type { EventBody } from './content-event.ts';
export { type ArtifactsRemoval, ContentRemoval, keptOf, type TagsRemoval } from './content-removal.store.ts';
export { digestBytes, digestFromHex } from './digest-column.rules.ts';
export type { GoneArtifact, KeptContent, RemovalOrigin, RemovalOutcome } from './removal.rules.ts';
export type { RemovedRepository } from './repository-removal.store.ts';
export { ensureRepository, PROJECT_GONE, REPOSITORY } from './repository-row.store.ts';
