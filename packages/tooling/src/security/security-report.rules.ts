/** A test file, and the titles in it. */
export interface TitledFile {
  readonly path: string;
  readonly titles: readonly string[];
}

export interface Coverage {
  /** Titles by id, each with its file; ids in numerical order. */
  readonly covered: ReadonlyMap<string, readonly string[]>;
  /** Wanted, without a test and without a reason. */
  readonly missing: readonly string[];
  /** Wanted, without a test, with the reason why there is nothing to attack yet. */
  readonly notApplicable: ReadonlyMap<string, string>;
  /** Given a reason although a test names them, or although nobody wants them: the reason has to go. */
  readonly outdatedReasons: readonly string[];
}

/** Expands `S1-S3 S7` to S1, S2, S3 and S7. */
export function expandIds(ranges: string): string[] {
  return ranges.split(/[\s,]+/).flatMap((range) => {
    const match = /^([A-Z])(\d+)(?:-[A-Z](\d+))?$/.exec(range);
    if (!match) return [];
    const [, letter = '', from = '', to = from] = match;
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => `${letter}${Number(from) + index}`);
  });
}

/** Which ids the titles of tests name, which of the wanted ones none names, and for which of those there is a reason. */
export function coverageOf(
  files: readonly TitledFile[],
  wanted: readonly string[],
  reasons: Readonly<Record<string, string>> = {},
): Coverage {
  const covered = new Map<string, string[]>();
  for (const { path, titles } of files) {
    for (const title of titles) {
      for (const [id] of title.matchAll(/\b[SR]\d{1,3}\b/g))
        covered.set(id, [...(covered.get(id) ?? []), `${title} (${path})`]);
    }
  }
  const ordered = [...covered].sort(
    ([a], [b]) => a.charCodeAt(0) - b.charCodeAt(0) || Number(a.slice(1)) - Number(b.slice(1)),
  );
  const uncovered = wanted.filter((id) => !covered.has(id));
  return {
    covered: new Map(ordered),
    missing: uncovered.filter((id) => reasons[id] === undefined),
    notApplicable: new Map(uncovered.flatMap((id) => (reasons[id] === undefined ? [] : [[id, reasons[id]]]))),
    outdatedReasons: Object.keys(reasons).filter((id) => !uncovered.includes(id)),
  };
}
