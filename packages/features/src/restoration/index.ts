export { continueRestoration, restorationsUnderWay } from './large-restoration.store.ts';
export type { Restoration, Restored } from './restoration-plan.store.ts';
export { RestorationStore } from './restoration.store.ts';
