/**
 * The one graph of what needs what in a repository, and the decision what a deletion takes along and what stays.
 * Digests are opaque keys here: the hex of the stored column.
 */

/** A manifest with the facts a decision needs. */
export interface GraphNode {
  readonly digest: string;
  /** Its tags; more than {@link MAX_TAGS_OF_NODE} are not listed, `tagCount` counts all. */
  readonly tags: readonly string[];
  readonly tagCount: number;
  /** Tags that an immutability rule covers, at least one when there is any. */
  readonly immutableTags: readonly string[];
  /** What keeps the artifact in place: `under legal hold`, `locked until …`. */
  readonly hold: string | null;
  /** What it says of itself that it belongs to: subject, or what cosign's tags and nydus' annotations name. */
  readonly subjects: readonly string[];
  /** Those of its subjects that the repository has but the graph does not. */
  readonly outsideSubjects: readonly string[];
  /** An index of the repository that is not in the graph and lists it. */
  readonly outsideParent: string | null;
  /** When it was pushed last, again or for the first time, in milliseconds since 1970. */
  readonly touchedAt: number;
}

/** `parent` is an index that lists `part`; both are in the graph. */
export interface PartEdge {
  readonly parent: string;
  readonly part: string;
}

/** A part of a repository that is closed downwards: parts and accessories of its nodes are in it, or stay. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly parts: readonly PartEdge[];
}

/** What somebody wants to delete. */
export interface Root {
  readonly digest: string;
  /** The tags that were known to who decided: with any other tag the artifact stays. Absent: whatever its tags are. */
  readonly knownTags?: ReadonlySet<string> | undefined;
  /** Until when pushes were known to who decided, in milliseconds since 1970: it stays, and so does a part of it, when pushed again later. */
  readonly knownUntil?: number | undefined;
}

export const STAY_CODES = [
  'missing',
  'held',
  'immutable',
  'part-of-index',
  'accessory-kept',
  'subject-kept',
  'tagged',
  'changed',
] as const;
export type StayCode = (typeof STAY_CODES)[number];

export interface Goes {
  readonly digest: string;
  /** Asked for, or which relation took it along. */
  readonly because: 'asked' | 'accessory' | 'part';
  /** What took it along; itself when it was asked for. */
  readonly of: string;
  /** The root it goes with. */
  readonly root: string;
}

export interface Stays {
  readonly digest: string;
  readonly code: StayCode;
  /** The index, accessory, subject or tag that is the reason; the words of the hold. */
  readonly by: string;
  readonly asked: boolean;
}

export interface Decision {
  readonly goes: readonly Goes[];
  readonly stays: readonly Stays[];
}

export const MAX_TAGS_OF_NODE = 1000;

export const SCHEME_SUFFIXES = ['', '.sig', '.att', '.sbom'] as const;
export const ALGORITHMS: Readonly<Record<string, string>> = { '12': 'sha256', '13': 'sha512' };
/** The tag schema of referrers keeps 64 characters of a digest; the hex of a sha512 is longer. */
export const SCHEME_HEX = 64;

/** The tags by which cosign and the referrers tag schema say that something belongs to this digest. */
export function schemeTagsOf(digest: string): string[] {
  const algorithm = ALGORITHMS[digest.slice(0, 2)];
  if (algorithm === undefined) return [];
  const base = `${algorithm}-${digest.slice(2, 2 + SCHEME_HEX)}`;
  return SCHEME_SUFFIXES.map((suffix) => base + suffix);
}

/** Digests (hex of their column), from the first to the last: what a tag of the tag schemes may belong to. */
export interface SchemeRange {
  readonly first: string;
  readonly last: string;
}

/** The reverse of {@link schemeTagsOf}: which digests have this tag among theirs; null for other tags. */
export function schemeRangeOf(tag: string): SchemeRange | null {
  const dot = tag.indexOf('.');
  const base = dot < 0 ? tag : tag.slice(0, dot);
  if (!(SCHEME_SUFFIXES as readonly string[]).includes(tag.slice(base.length))) return null;
  const [byte, name] = Object.entries(ALGORITHMS).find(([, algorithm]) => base.startsWith(`${algorithm}-`)) ?? [];
  const hex = base.slice((name?.length ?? 0) + 1);
  if (byte === undefined || hex.length !== SCHEME_HEX || !/^[0-9a-f]+$/.test(hex)) return null;
  const rest = name === 'sha512' ? SCHEME_HEX : 0;
  return { first: byte + hex + '0'.repeat(rest), last: byte + hex + 'f'.repeat(rest) };
}

/**
 * Decides what goes when `roots` are deleted (ART-8, P7).
 *
 * With `along`, accessories go with their subject, and parts of an index when nothing else needs them; in turn with
 * theirs. Nothing goes that an index which stays lists, that is held or immutable, whose own tag or subject stays; and
 * nothing whose accessory must stay. Without, only the roots are looked at, and their accessories and parts stay.
 */
export function decide(graph: Graph, roots: readonly Root[], along: boolean): Decision {
  return new Deciding(graph, roots, along).decision();
}

/** One decision: everything is doomed at first, and what must stay is struck until nothing changes. */
class Deciding {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #parents = new Map<string, string[]>();
  readonly #parts = new Map<string, string[]>();
  readonly #accessories = new Map<string, string[]>();
  readonly #roots = new Map<string, Root>();
  readonly #along: boolean;
  readonly #doomed = new Set<string>();
  readonly #stays = new Map<string, Stays>();

  constructor(graph: Graph, roots: readonly Root[], along: boolean) {
    this.#along = along;
    for (const node of graph.nodes) this.#nodes.set(node.digest, node);
    for (const { parent, part } of graph.parts) {
      add(this.#parents, part, parent);
      add(this.#parts, parent, part);
    }
    for (const node of graph.nodes)
      for (const subject of this.#subjectsOf(node)) add(this.#accessories, subject, node.digest);
    for (const root of roots) this.#roots.set(root.digest, root);
  }

  decision(): Decision {
    for (const root of this.#roots.values()) {
      if (this.#nodes.has(root.digest)) this.#doomed.add(root.digest);
      else this.#keep(root.digest, 'missing', '');
    }
    if (this.#along) for (const node of this.#nodes.keys()) this.#doomed.add(node);
    let goes = this.#reached();
    for (let changed = true; changed; ) {
      changed = this.#strike(goes);
      goes = this.#reached();
    }
    return { goes: [...goes.values()], stays: [...this.#stays.values()] };
  }

  /** Strikes what must stay beside what goes now; true when something was struck. */
  #strike(goes: ReadonlyMap<string, Goes>): boolean {
    let changed = false;
    for (const digest of goes.keys()) {
      const node = this.#nodes.get(digest);
      const reason = node && this.#obstacle(node, goes);
      if (!reason) continue;
      this.#doomed.delete(digest);
      this.#keep(digest, reason.code, reason.by);
      changed = true;
    }
    return changed;
  }

  #obstacle(node: GraphNode, goes: ReadonlyMap<string, Goes>): { code: StayCode; by: string } | null {
    if (node.hold !== null) return { code: 'held', by: node.hold };
    const [immutable] = node.immutableTags;
    if (immutable !== undefined) return { code: 'immutable', by: immutable };
    const parent = node.outsideParent ?? this.#parents.get(node.digest)?.find((index) => !goes.has(index));
    if (parent !== undefined) return { code: 'part-of-index', by: parent };
    if (this.#isPushedAgain(node, goes)) return { code: 'changed', by: '' };
    const root = this.#roots.get(node.digest);
    const other = root ? this.#obstacleOfRoot(node, root) : this.#obstacleOfDependent(node, goes);
    return other ?? this.#keptAccessory(node);
  }

  /** Accessories go with their subject however new they are. */
  #isPushedAgain(node: GraphNode, goes: ReadonlyMap<string, Goes>): boolean {
    const gone = goes.get(node.digest);
    if (!gone || gone.because === 'accessory') return false;
    return node.touchedAt > (this.#roots.get(gone.root)?.knownUntil ?? Number.POSITIVE_INFINITY);
  }

  #obstacleOfRoot(node: GraphNode, root: Root): { code: StayCode; by: string } | null {
    const { knownTags } = root;
    if (!knownTags) return null;
    const unknown = node.tags.find((tag) => !knownTags.has(tag));
    if (unknown !== undefined) return { code: 'changed', by: unknown };
    return node.tagCount > node.tags.length ? { code: 'changed', by: '' } : null;
  }

  #obstacleOfDependent(node: GraphNode, goes: ReadonlyMap<string, Goes>): { code: StayCode; by: string } | null {
    const leaving = new Set(
      [...this.#schemeSubjects(node)].filter((subject) => goes.has(subject)).flatMap(schemeTagsOf),
    );
    const own = node.tags.find((tag) => !leaving.has(tag));
    if (own !== undefined) return { code: 'tagged', by: own };
    if (node.tagCount > node.tags.length) return { code: 'tagged', by: '' };
    const subject =
      node.outsideSubjects[0] ??
      this.#subjectsOf(node).find((candidate) => this.#nodes.has(candidate) && !goes.has(candidate));
    return subject === undefined ? null : { code: 'subject-kept', by: subject };
  }

  /** A signature that is held or immutable keeps what it signs, and so on upwards, whatever else keeps those between. */
  #keptAccessory(node: GraphNode): { code: StayCode; by: string } | null {
    if (!this.#along) return null;
    const kept = this.#keptBy().get(node.digest);
    return kept === undefined ? null : { code: 'accessory-kept', by: kept };
  }

  #keepers: Map<string, string> | null = null;

  /** What has an accessory that must stay, with that accessory. */
  #keptBy(): ReadonlyMap<string, string> {
    if (this.#keepers) return this.#keepers;
    const keepers = new Map<string, string>();
    const queue = [...this.#nodes.values()].filter(
      ({ hold, immutableTags }) => hold !== null || immutableTags.length > 0,
    );
    for (let next = queue.pop(); next; next = queue.pop()) {
      for (const subject of this.#subjectsOf(next)) {
        const node = this.#nodes.get(subject);
        if (!node || keepers.has(subject)) continue;
        keepers.set(subject, next.digest);
        queue.push(node);
      }
    }
    this.#keepers = keepers;
    return keepers;
  }

  /** What the doomed roots reach through doomed nodes, and how. */
  #reached(): Map<string, Goes> {
    const goes = new Map<string, Goes>();
    const queue: Goes[] = [];
    const visit = (reached: Goes) => {
      if (goes.has(reached.digest) || !this.#doomed.has(reached.digest)) return;
      goes.set(reached.digest, reached);
      queue.push(reached);
    };
    for (const digest of this.#roots.keys()) visit({ digest, because: 'asked', of: digest, root: digest });
    if (!this.#along) return goes;
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { digest: of, root } = next;
      for (const digest of this.#accessories.get(of) ?? []) visit({ digest, because: 'accessory', of, root });
      for (const digest of this.#parts.get(of) ?? []) visit({ digest, because: 'part', of, root });
    }
    return goes;
  }

  /** What a node belongs to, by what it says of itself and by its tags. */
  #subjectsOf(node: GraphNode): string[] {
    return [...new Set([...node.subjects, ...this.#schemeSubjects(node)])].filter((subject) => subject !== node.digest);
  }

  #schemeSubjects(node: GraphNode): Set<string> {
    return new Set(node.tags.flatMap((tag) => this.#bySchemeTag().get(tag) ?? []));
  }

  #schemeTags: Map<string, string[]> | null = null;

  #bySchemeTag(): Map<string, string[]> {
    if (this.#schemeTags) return this.#schemeTags;
    const tags = new Map<string, string[]>();
    for (const digest of this.#nodes.keys()) for (const tag of schemeTagsOf(digest)) add(tags, tag, digest);
    this.#schemeTags = tags;
    return tags;
  }

  #keep(digest: string, code: StayCode, by: string): void {
    this.#stays.set(digest, { digest, code, by, asked: this.#roots.has(digest) });
  }
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
