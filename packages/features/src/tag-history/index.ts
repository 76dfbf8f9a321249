export { pruneTagHistoryPulse } from './tag-history.jobs.ts';
export { TagHistoryModule } from './tag-history.module.ts';
