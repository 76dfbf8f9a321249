export { GarbageCollectionModule } from './garbage-collection.module.ts';
export {
  collectGarbage,
  garbageProcessors,
  discardPulse,
  GARBAGE_COLLECTION,
} from './garbage-collection.jobs.ts';
