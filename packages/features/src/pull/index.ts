export { foldPulls } from './pull.store.ts';
export { type ManifestRead, PullRecorder } from './pull-recorder.ts';
