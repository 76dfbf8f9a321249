import { resolve } from 'node:path';

/** The top folder of the workspace. */
export const ROOT = resolve(import.meta.dirname, '../../../..');
