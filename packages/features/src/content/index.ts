export { ContentChanges } from './content-changes.store.ts';
export { ContentDatabase, Kept } from './content-database.store.ts';
export { digestBytes, digestFromHex } from './digest-column.rules.ts';
export { findParent, lockManifest, removeManifests } from './manifest-removal.store.ts';
export {
  ensureRepository,
  PROJECT_GONE,
  type RemovedRepository,
  removeRepository,
  REPOSITORY,
} from './repository-row.store.ts';
export { removeTag } from './tag-change.store.ts';
