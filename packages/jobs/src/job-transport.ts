/** One task to run. `attempt` counts those before, so that a retry is not taken for a copy of the delivery it follows. */
export interface Delivery {
  readonly taskId: number;
  readonly attempt: number;
}

/**
 * Carries task ids from producers to workers and wakes pulses. It may lose everything at any time: rows are the truth,
 * and the reconciler sends again. It may deliver twice: claiming a row decides who runs it.
 */
export interface JobTransport {
  /** Tells the workers of tasks, optionally after a wait. A delivery that still waits is not doubled. */
  send(deliveries: readonly Delivery[], delayMs?: number): Promise<void>;
  /** Runs `handle` for each delivered task id, at most `concurrency` at once. */
  consume(concurrency: number, handle: (taskId: number) => Promise<void>): void;
  /** Runs `handle` about every `everyMs`, in one of the processes that share the transport. */
  pulse(name: string, everyMs: number, handle: () => Promise<void>): Promise<void>;
  /** Stops taking work, waits for what runs, disconnects. */
  close(): Promise<void>;
}
