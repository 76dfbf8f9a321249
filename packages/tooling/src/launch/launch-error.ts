/** The product cannot start; the message says why and what to do, in words for the person who started it. */
export class LaunchError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'LaunchError';
    this.exitCode = exitCode;
  }
}
