import type { LoggerService } from '@nestjs/common';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];
const MAX_FIELD = 2048;

/** One JSON line an event on stderr: time, level, message, fields. Texts are escaped by JSON and cut, so no line can be forged (S104). */
export class Logger implements LoggerService {
  readonly #threshold: number;

  constructor(level: LogLevel) {
    this.#threshold = LEVELS.indexOf(level);
  }

  debug(message: unknown, fields?: unknown): void {
    this.#write('debug', message, fields);
  }

  /** Nest's own start-up lines; of interest only when debugging. */
  log(message: unknown): void {
    this.#write('debug', message, undefined);
  }

  info(message: string, fields?: object): void {
    this.#write('info', message, fields);
  }

  warn(message: unknown, fields?: unknown): void {
    this.#write('warn', message, fields);
  }

  error(message: unknown, fields?: unknown): void {
    this.#write('error', message, fields);
  }

  #write(level: LogLevel, message: unknown, fields: unknown): void {
    if (LEVELS.indexOf(level) < this.#threshold) return;
    const extra =
      typeof fields === 'object' && fields !== null
        ? Object.entries(fields).map(([key, value]) => [key, printable(value)])
        : [];
    process.stderr.write(
      `${JSON.stringify({ time: new Date().toISOString(), level, message: printable(message), ...Object.fromEntries(extra) })}\n`,
    );
  }
}

function printable(value: unknown): unknown {
  if (value instanceof Error) return (value.stack ?? value.message).slice(0, MAX_FIELD * 4);
  if (typeof value === 'string') return value.slice(0, MAX_FIELD);
  return value;
}
