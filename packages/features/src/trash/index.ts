export { emptyTrashPulse } from './trash.jobs.ts';
export { TrashModule } from './trash.module.ts';
export { purgeTrashProcessor } from './trash-purge.jobs.ts';
