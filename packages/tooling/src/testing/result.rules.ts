export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A suite that did not run because a program is missing, as the tests note it in the file of MOORAGE_SKIP_LOG. */
export interface MissingProgram {
  readonly suite: string;
  readonly program: string;
  /** Command that installs the program. */
  readonly install: string;
}

/** Counts test states. A test file that could not be loaded, or an error outside any test, is a failure of its own. */
export function countResults(states: readonly string[], errorsOutsideTests: number): Counts {
  const count = (...wanted: string[]) => states.filter((state) => wanted.includes(state)).length;
  return {
    passed: count('passed'),
    failed: count('failed') + errorsOutsideTests,
    skipped: count('skipped', 'pending'),
  };
}

/** The line that closes a run, alone on a line. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** What a person reads about suites that did not run: each missing program once, how to get it, and what waits for it. */
export function describeMissing(missing: readonly MissingProgram[]): string[] {
  const programs = [...new Set(missing.map(({ program }) => program))].sort();
  return programs.flatMap((program) => {
    const suites = missing.filter((entry) => entry.program === program);
    const names = [...new Set(suites.map(({ suite }) => suite))].sort();
    return [`  ${program}: ${suites[0]?.install}`, ...names.map((name) => `    - ${name}`)];
  });
}

/** Reads the lines of a skip log; a torn last line of a killed process does not count. */
export function parseSkipLog(text: string): MissingProgram[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as MissingProgram];
    } catch {
      return [];
    }
  });
}
