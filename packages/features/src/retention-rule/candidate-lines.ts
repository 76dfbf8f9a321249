import type { Candidate, CandidateTag } from './candidate.ts';

const NO_LABELS: readonly number[] = [];
const NO_TAGS: readonly CandidateTag[] = [];
/** How digests are stored: a byte for the algorithm first. */
const ALGORITHMS: Readonly<Record<string, string>> = { '12': 'sha256:', '13': 'sha512:' };
const TAB = 0x09;
const LINE_FEED = 0x0a;
const MINUS = 0x2d;
const ZERO = 0x30;

/** Flags of a line, added up. */
export const LINE_FLAGS = { held: 1, part: 2, immutable: 4 } as const;

/**
 * Artifacts as text, what a large repository is kept as: outside of V8's heap, in a tenth of the memory of objects. A line
 * for each artifact and tag of it, newest first, those of one artifact together. Every field ends with a tab, every line with a line
 * feed: id; size; push; loss of the last tag, if it has none; last pull; flags; push of the tag, if it is another time; last
 * pull of the tag; tag; label ids with spaces between them; digest as stored, in hex; type; artifact type. Times are
 * microseconds since 1970; what there is not is empty.
 */
export type CandidateLines = Buffer<ArrayBuffer>;

/** The artifacts of lines, each readable until the lines are given back. */
export function* candidatesOf(lines: CandidateLines): Generator<Candidate> {
  const reader = new Reader(lines);
  while (!reader.isDone) yield readCandidate(reader, lines);
}

/** Where the lines of the last artifact begin. */
export function lastArtifact(lines: CandidateLines): number {
  let from = lineBefore(lines, lines.length);
  while (from > 0) {
    const above = lineBefore(lines, from);
    if (!isSame(lines, above, from)) break;
    from = above;
  }
  return from;
}

/** Lines that come behind others, in memory of their own, as {@link giveBack} needs it. */
export function joinLines(before: Uint8Array, text: string): CandidateLines {
  const lines = Buffer.allocUnsafeSlow(before.length + Buffer.byteLength(text));
  lines.set(before);
  lines.write(text, before.length);
  return lines;
}

/** Frees the memory of lines at once; nothing may read them any more. */
export function giveBack(lines: CandidateLines): void {
  lines.buffer.transfer(0);
}

/** Where the line begins that ends before this place. */
function lineBefore(lines: CandidateLines, place: number): number {
  return place < 2 ? 0 : lines.lastIndexOf(LINE_FEED, place - 2) + 1;
}

/** Whether two lines begin with the same field. */
function isSame(lines: CandidateLines, one: number, other: number): boolean {
  for (let at = 0; other + at < lines.length; at += 1) {
    if (lines[one + at] !== lines[other + at]) return false;
    if (lines[one + at] === TAB) return true;
  }
  return false;
}

/** Reads fields one after the other. */
class Reader {
  readonly #lines: CandidateLines;
  at = 0;

  constructor(lines: CandidateLines, at = 0) {
    this.#lines = lines;
    this.at = at;
  }

  get isDone(): boolean {
    return this.at >= this.#lines.length;
  }

  /** A whole number; null for an empty field. */
  number(): number | null {
    const lines = this.#lines;
    const from = this.at;
    let at = lines[from] === MINUS ? from + 1 : from;
    let value = 0;
    for (let byte = lines[at]; byte !== TAB; byte = lines[at]) {
      if (byte === undefined) throw new Error('a line ends within a number');
      value = value * 10 + byte - ZERO;
      at += 1;
    }
    this.at = at + 1;
    if (at === from) return null;
    return lines[from] === MINUS ? -value : value;
  }

  text(): string {
    const from = this.at;
    const to = this.#lines.indexOf(TAB, from);
    this.at = to + 1;
    return from === to ? '' : this.#lines.toString('utf8', from, to);
  }

  /** Goes to the next line; true when it is of the same artifact as the one that begins at `start`. */
  nextIsSame(start: number): boolean {
    this.at = this.#lines.indexOf(LINE_FEED, this.at) + 1;
    return isSame(this.#lines, start, this.at);
  }
}

function readCandidate(reader: Reader, lines: CandidateLines): Candidate {
  let tags = NO_TAGS as CandidateTag[];
  for (;;) {
    const start = reader.at;
    const id = reader.number() ?? 0;
    const size = reader.number() ?? 0;
    const pushedAt = (reader.number() ?? 0) / 1000;
    const untaggedAt = milliseconds(reader.number());
    const pulledAt = milliseconds(reader.number());
    const flags = reader.number() ?? 0;
    const tagPushedAt = milliseconds(reader.number()) ?? pushedAt;
    const tagPulledAt = milliseconds(reader.number());
    const name = reader.text();
    const rest = reader.at;
    if (name !== '') {
      const isImmutable = (flags & LINE_FLAGS.immutable) !== 0;
      const tag = { name, pushedAt: tagPushedAt, pulledAt: tagPulledAt, isImmutable };
      if (tags.length === 0) tags = [tag];
      else tags.push(tag);
    }
    if (reader.nextIsSame(start)) continue;
    const untagged = Math.max(pushedAt, untaggedAt ?? 0);
    return new ReadCandidate({ id, size, pushedAt, untaggedAt: untagged, pulledAt, flags, tags }, lines, rest);
  }
}

function milliseconds(micros: number | null): number | null {
  return micros === null ? null : micros / 1000;
}

interface Texts {
  readonly labels: readonly number[];
  readonly digest: string;
  readonly type: string;
  readonly artifactType: string;
}

/** An artifact of some lines. Its texts are read when somebody asks for them, which most rules do not. */
class ReadCandidate implements Candidate {
  readonly id: number;
  readonly size: number;
  readonly pushedAt: number;
  readonly untaggedAt: number;
  readonly pulledAt: number | null;
  readonly isHeld: boolean;
  readonly isPart: boolean;
  readonly tags: readonly CandidateTag[];
  readonly #lines: CandidateLines;
  readonly #rest: number;
  #texts: Texts | undefined;

  constructor(
    known: Pick<Candidate, 'id' | 'size' | 'pushedAt' | 'untaggedAt' | 'pulledAt' | 'tags'> & {
      readonly flags: number;
    },
    lines: CandidateLines,
    rest: number,
  ) {
    this.id = known.id;
    this.size = known.size;
    this.pushedAt = known.pushedAt;
    this.untaggedAt = known.untaggedAt;
    this.pulledAt = known.pulledAt;
    this.isHeld = (known.flags & LINE_FLAGS.held) !== 0;
    this.isPart = (known.flags & LINE_FLAGS.part) !== 0;
    this.tags = known.tags;
    this.#lines = lines;
    this.#rest = rest;
  }

  get labels(): readonly number[] {
    return this.#read().labels;
  }

  get digest(): string {
    return this.#read().digest;
  }

  get type(): string {
    return this.#read().type;
  }

  get artifactType(): string {
    return this.#read().artifactType;
  }

  #read(): Texts {
    if (this.#texts) return this.#texts;
    const reader = new Reader(this.#lines, this.#rest);
    const labels = reader.text();
    const digest = reader.text();
    this.#texts = {
      labels: labels === '' ? NO_LABELS : labels.split(' ').map(Number),
      digest: `${ALGORITHMS[digest.slice(0, 2)] ?? ''}${digest.slice(2)}`,
      type: reader.text(),
      artifactType: reader.text(),
    };
    return this.#texts;
  }
}
