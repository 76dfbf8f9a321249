export { foldPulls } from './pull.store.ts';
export { type ManifestRead, PullRecorder } from './pull-recorder.ts';
export { foldPullsPulse } from './pull.jobs.ts';
