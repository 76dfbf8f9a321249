import { closeSync, openSync, writeSync } from 'node:fs';
import type { Artifact, Descriptor } from '@moorage/testing';
import { allowedValues, type TagWrite } from './tag-history.rules.ts';

/** `ok`: a promise. `refused`: a 4xx, nothing happened. `unknown`: a 5xx or no answer; it may have happened. */
export type Outcome = 'ok' | 'refused' | 'unknown';

/** What an operation would do to tags, by `repository:tag`. */
export type TagChanges = Readonly<Record<string, string | null>>;

export interface Answer {
  readonly outcome: Outcome;
  /** Of the answer that decided it; 0 when there was none. */
  readonly status: number;
}

interface OpenWrite {
  value: string | null;
  start: number;
  end: number | null;
  isRefused: boolean;
}

/** Something a repository said it has. */
export interface Promised {
  readonly descriptor: Descriptor;
  /** When the request was sent that it was the answer to, by {@link Ledger.now}. */
  readonly since: number;
}

/** What clients were promised. Lines go to a file before a request is sent and after it is answered. */
export class Ledger {
  readonly #file: number;
  readonly #started = performance.now();
  readonly #tags = new Map<string, OpenWrite[]>();
  /** Without the bytes of blobs: their digests prove that they are still there. */
  readonly #artifacts = new Map<string, Artifact>();
  readonly #promised = new Map<string, Map<string, Promised>>();
  readonly #attached = new Map<string, Artifact[]>();
  /** Acknowledged deletions of artifacts, `repository@digest`, until somebody may have brought one back. */
  readonly #deleted = new Set<string>();
  /** How many operations of each kind ended in each way. */
  readonly counts: Record<string, Record<Outcome, number>> = {};

  constructor(path: string) {
    this.#file = openSync(path, 'a', 0o600);
  }

  /** Writes that were answered with success. */
  get acknowledgedWrites(): number {
    return Object.values(this.counts).reduce((sum, { ok }) => sum + ok, 0);
  }

  /** Milliseconds since the ledger was opened, by the monotonic clock. */
  now(): number {
    return performance.now() - this.#started;
  }

  /** Performs an operation between two lines; a lost answer leaves its tag changes open. */
  async perform(kind: string, changes: TagChanges, act: () => Promise<Answer>): Promise<Answer> {
    const writes = Object.entries(changes).map(([key, value]) => this.#open(key, value));
    this.#write({ at: this.now(), kind, changes });
    const answer = await act();
    for (const write of writes) {
      write.isRefused = answer.outcome === 'refused';
      write.end = answer.outcome === 'ok' ? this.now() : null;
    }
    this.#write({ at: this.now(), kind, changes, ...answer });
    const counts = (this.counts[kind] ??= { ok: 0, refused: 0, unknown: 0 });
    counts[answer.outcome]++;
    return answer;
  }

  /** Remembers an artifact some repository may come to hold. */
  know(artifact: Artifact): void {
    const digest = artifact.root.descriptor.digest;
    if (this.#artifacts.has(digest)) return;
    const blobs = artifact.blobs.map(({ descriptor }) => ({ descriptor, bytes: Buffer.alloc(0) }));
    this.#artifacts.set(digest, { ...artifact, blobs });
  }

  /** A repository said that it has a blob or manifest, so that what refers to it may be pushed for the grace time. */
  promise(repository: string, descriptor: Descriptor, since: number): void {
    const promised = this.#promised.get(repository) ?? new Map<string, Promised>();
    this.#promised.set(repository, promised.set(descriptor.digest, { descriptor, since }));
  }

  /** A project is about to be dropped, so that nothing it promised holds any longer. */
  forget(project: string): void {
    for (const repository of this.#promised.keys())
      if (repository.startsWith(`${project}/`)) this.#promised.delete(repository);
  }

  /** By repository and digest, as the last answer promised it. */
  promised(): ReadonlyMap<string, ReadonlyMap<string, Promised>> {
    return this.#promised;
  }

  /** A repository acknowledged a signature of something it has. */
  attach(repository: string, subject: string, signature: Artifact): void {
    this.know(signature);
    const key = `${repository}@${subject}`;
    this.#attached.set(key, [...(this.#attached.get(key) ?? []), signature]);
  }

  /** The signatures a repository acknowledged for a digest: they stay as long as that. */
  attached(repository: string, subject: string): readonly Artifact[] {
    return this.#attached.get(`${repository}@${subject}`) ?? [];
  }

  /** A repository acknowledged that it has this no more. */
  delete(repository: string, digest: string): void {
    this.#deleted.add(`${repository}@${digest}`);
  }

  /** From now on it may come back. */
  mayReturn(repository: string, digest: string): void {
    this.#deleted.delete(`${repository}@${digest}`);
  }

  /** `repository@digest` of everything whose deletion was acknowledged and that nobody brought back. */
  deleted(): readonly string[] {
    return [...this.#deleted];
  }

  /** `repository:tag` of every tag anybody tried to write. */
  tags(): readonly string[] {
    return [...this.#tags.keys()];
  }

  /** What the tag may show to a reader between two moments of {@link now}; by default, to one that comes last. */
  allowed(key: string, from?: number, until?: number): ReadonlySet<string | null> {
    return allowedValues(this.#writes(key), from, until);
  }

  /** The digests whose writes to a tag were acknowledged, deletions as null. */
  acknowledged(key: string): readonly (string | null)[] {
    return this.#writes(key)
      .filter(({ end }) => end !== null)
      .map(({ value }) => value);
  }

  artifact(digest: string): Artifact | undefined {
    return this.#artifacts.get(digest);
  }

  close(): void {
    closeSync(this.#file);
  }

  #open(key: string, value: string | null): OpenWrite {
    const write: OpenWrite = { value, start: this.now(), end: null, isRefused: false };
    const writes = this.#tags.get(key);
    if (writes) writes.push(write);
    else this.#tags.set(key, [write]);
    return write;
  }

  #writes(key: string): readonly TagWrite[] {
    return (this.#tags.get(key) ?? []).filter(({ isRefused }) => !isRefused);
  }

  #write(line: object): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}
