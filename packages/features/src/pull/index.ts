export { foldPulls } from './pull.store.ts';
export { type ManifestRead, PullRecorder } from './pull-recorder.ts';
export { foldPullsPulse, prunePullDaysPulse } from './pull.jobs.ts';
