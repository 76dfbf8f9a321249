import type { LogLevel } from './job-definition.ts';
import type { LogLine, TaskLogStore } from './task-log.store.ts';

const FLUSH_LINES = 500;
const FLUSH_MS = 1_000;

/** Collects the lines of one running task and writes them in batches. */
export class TaskLog {
  readonly #store: TaskLogStore;
  readonly #taskId: number;
  readonly #onError: (error: unknown) => void;
  #lines: LogLine[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: TaskLogStore, taskId: number, onError: (error: unknown) => void) {
    this.#store = store;
    this.#taskId = taskId;
    this.#onError = onError;
  }

  add(text: string, level: LogLevel = 'INFO'): void {
    this.#lines.push({ level, text });
    if (this.#lines.length >= FLUSH_LINES) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Resolves when everything added so far is stored. A log that cannot be written must not fail the work it tells of. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length > 0) {
      this.#writing = this.#writing.then(() => this.#store.append(this.#taskId, lines)).catch(this.#onError);
    }
    return this.#writing;
  }
}
