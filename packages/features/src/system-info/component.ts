/** What a process knows about its own installation; provided where the process is composed. */
export abstract class Installation {
  /** Moorage's version, for example `0.1.0`. */
  abstract readonly version: string;
  abstract readonly storageProvider: 'filesystem' | 's3';
  /** Parts the process can ask about, besides the database and the worker: name as Harbor has it, and a check that throws. */
  abstract readonly components: readonly Component[];
  /** Size and free space of the storage in bytes; null when the storage does not tell. */
  abstract volume(): Promise<{ readonly total: number; readonly free: number } | null>;
}

/** A part of the installation. */
export interface Component {
  /** For example `registry`, `portal`, `redis`. */
  readonly name: string;
  /** Nothing can be served without it: it takes the process out of rotation. */
  readonly isVital: boolean;
  /** Resolves when the part works, rejects with the reason when not. */
  check(): Promise<void>;
}
