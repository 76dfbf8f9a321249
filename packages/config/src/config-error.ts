/** The environment cannot be used; `message` lists every problem, one a line. */
export class ConfigError extends Error {
  /** `EX_CONFIG` of sysexits: the exit code of a process with a wrong configuration. */
  static readonly EXIT_CODE = 78;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The configuration cannot be used:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
