export { GarbageCollectionModule } from './garbage-collection.module.ts';
export {
  collectGarbage,
  collectGarbageProcessor,
  discardPulse,
  GARBAGE_COLLECTION,
} from './garbage-collection.jobs.ts';
