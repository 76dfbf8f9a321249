/** A file that may break a rule of the tree checker, and why. An exception nobody needs any more is a finding itself. */
export interface Exception {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [];
