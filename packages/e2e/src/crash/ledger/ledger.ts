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

/** An artifact without the bytes of its blobs: enough to prove that it is still there. */
export interface KeptArtifact {
  readonly artifact: Artifact;
  /** The repositories that acknowledged it. */
  readonly repositories: Set<string>;
}

/** What clients were promised. Lines go to a file before a request is sent and after it is answered. */
export class Ledger {
  readonly #file: number;
  readonly #started = performance.now();
  readonly #tags = new Map<string, OpenWrite[]>();
  readonly #artifacts = new Map<string, KeptArtifact>();
  readonly #blobs = new Map<string, Map<string, Descriptor>>();
  /** How many operations of each kind ended in each way. */
  readonly counts: Record<string, Record<Outcome, number>> = {};

  constructor(path: string) {
    this.#file = openSync(path, 'a', 0o600);
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
    this.#artifacts.set(digest, { artifact: { ...artifact, blobs }, repositories: new Set() });
  }

  /** A repository acknowledged the artifact. */
  hold(repository: string, artifact: Artifact): void {
    this.know(artifact);
    this.#artifacts.get(artifact.root.descriptor.digest)?.repositories.add(repository);
  }

  holdBlob(repository: string, descriptor: Descriptor): void {
    const blobs = this.#blobs.get(repository) ?? new Map<string, Descriptor>();
    this.#blobs.set(repository, blobs.set(descriptor.digest, descriptor));
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
    return this.#artifacts.get(digest)?.artifact;
  }

  /** Artifacts that a repository acknowledged. */
  artifactsOf(repository: string): readonly Artifact[] {
    return [...this.#artifacts.values()]
      .filter(({ repositories }) => repositories.has(repository))
      .map(({ artifact }) => artifact);
  }

  /** Blobs whose upload or mount was acknowledged, by repository. */
  blobs(): ReadonlyMap<string, ReadonlyMap<string, Descriptor>> {
    return this.#blobs;
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
