import { type Decision, type Graph, type GraphNode, schemeTagsOf } from '../reachability.rules.ts';

export interface ModelManifest {
  readonly digest: string;
  readonly parts: readonly string[];
  readonly subject: string | null;
  /** What cosign's tags or nydus' annotations said of it when it was pushed, beside its subject. */
  readonly belongsTo?: string | null;
  readonly isHeld: boolean;
}

/** A repository in memory, as simple as it can be told; the graph of a decision is cut out of it. */
export class RepositoryModel {
  readonly manifests = new Map<string, ModelManifest>();
  readonly tags = new Map<string, string>();
  readonly immutable = new Set<string>();

  tagsOf(digest: string): string[] {
    return [...this.tags].filter(([, on]) => on === digest).map(([tag]) => tag);
  }

  /** What says that it belongs to this: by subject, or by a tag of a scheme. */
  accessoriesOf(digest: string): string[] {
    const tags = new Set(schemeTagsOf(digest));
    return [...this.manifests.values()]
      .filter((other) => other.digest !== digest)
      .filter((other) => subjectsOf(other).includes(digest) || this.tagsOf(other.digest).some((tag) => tags.has(tag)))
      .map((other) => other.digest);
  }

  /** The closed part of the repository that a decision about these looks at; everything, when `whole`. */
  graph(roots: readonly string[], options: { readonly along: boolean; readonly whole?: boolean }): Graph {
    const inside = new Set(options.whole ? this.manifests.keys() : roots.filter((root) => this.manifests.has(root)));
    const queue = [...inside];
    for (let next = queue.pop(); next !== undefined && options.along; next = queue.pop()) {
      for (const dependent of [...(this.manifests.get(next)?.parts ?? []), ...this.accessoriesOf(next)]) {
        if (inside.has(dependent) || !this.manifests.has(dependent)) continue;
        inside.add(dependent);
        queue.push(dependent);
      }
    }
    const all = [...this.manifests.values()];
    return {
      nodes: [...inside].map((digest) => this.#node(digest, inside)),
      parts: all
        .filter((index) => inside.has(index.digest))
        .flatMap((index) =>
          index.parts.filter((part) => inside.has(part)).map((part) => ({ parent: index.digest, part })),
        ),
    };
  }

  apply(decision: Decision): void {
    for (const { digest } of decision.goes) {
      this.manifests.delete(digest);
      for (const tag of this.tagsOf(digest)) this.tags.delete(tag);
    }
  }

  #node(digest: string, inside: ReadonlySet<string>): GraphNode {
    const manifest = this.manifests.get(digest);
    const tags = this.tagsOf(digest);
    const subjects = manifest ? subjectsOf(manifest) : [];
    return {
      digest,
      tags,
      tagCount: tags.length,
      immutableTags: tags.filter((tag) => this.immutable.has(tag)),
      hold: manifest?.isHeld ? 'under legal hold' : null,
      subjects,
      outsideSubjects: subjects.filter((subject) => this.manifests.has(subject) && !inside.has(subject)),
      outsideParent:
        [...this.manifests.values()].find((index) => index.parts.includes(digest) && !inside.has(index.digest))
          ?.digest ?? null,
      touchedAt: 0,
    };
  }
}

function subjectsOf({ subject, belongsTo }: ModelManifest): string[] {
  return [...new Set([subject, belongsTo ?? null])].filter((named) => named !== null);
}
