import { StorageFull } from '../../ports/index.ts';

const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Gives errors that mean "no room" their name in the port; others stay what they are. */
export function asStorageError(error: unknown): unknown {
  return FULL.has(errorCode(error)) ? new StorageFull(error) : error;
}

/** The system's code of a failed call, such as ENOENT. */
export function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
