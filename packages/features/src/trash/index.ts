export { emptyTrashPulse } from './trash.jobs.ts';
export { TrashModule } from './trash.module.ts';
