import type { Digest } from '../../digest.ts';
import type { ManifestContent } from '../../manifest.ts';
import type { RepositoryScope, StoredManifest, UploadSession } from '../../ports/index.ts';
import type { RepositoryName, Tag } from '../../reference.ts';

export interface MemoryManifest extends StoredManifest {
  readonly content: ManifestContent;
  /** Order of arrival, for "newest first". */
  readonly sequence: number;
  /** Levels of indexes below and including this manifest. */
  readonly depth: number;
}

export interface MemoryRepository {
  readonly name: RepositoryName;
  readonly namespaceId: number;
  readonly blobs: Map<Digest, number>;
  readonly manifests: Map<Digest, MemoryManifest>;
  readonly tags: Map<Tag, Digest>;
}

export interface MemoryUpload {
  readonly repository: string;
  readonly callerId: string;
  session: UploadSession;
  touchedAt: Date;
  /** The claim that may append, if a request holds one. */
  claim?: symbol;
}

/** The whole of a registry's metadata. Every port below works on one of these; one JavaScript turn is one transaction. */
export class MemoryState {
  readonly now: () => Date;
  readonly repositories = new Map<string, MemoryRepository>();
  readonly uploads = new Map<string, MemoryUpload>();
  #sequence = 0;

  constructor(now: () => Date) {
    this.now = now;
  }

  find(scope: RepositoryScope): MemoryRepository | undefined {
    return this.repositories.get(repositoryKey(scope));
  }

  /** A repository comes into being with its first content. */
  findOrCreate(scope: RepositoryScope): MemoryRepository {
    const key = repositoryKey(scope);
    let repository = this.repositories.get(key);
    if (!repository) {
      const { name, namespaceId } = scope;
      repository = { name, namespaceId, blobs: new Map(), manifests: new Map(), tags: new Map() };
      this.repositories.set(key, repository);
    }
    return repository;
  }

  nextSequence(): number {
    return ++this.#sequence;
  }
}

/** Repositories are told apart by owner and name: the same name in another namespace is another repository. */
export function repositoryKey(scope: RepositoryScope): string {
  return `${scope.namespaceId} ${scope.name}`;
}

/** Digests that a manifest cannot do without: config, layers and children; not its subject and not foreign layers. */
export function requiredDigests(content: ManifestContent): Set<Digest> {
  const digests = new Set<Digest>();
  if (content.config) digests.add(content.config.digest);
  for (const layer of content.layers) digests.add(layer.digest);
  for (const child of content.children) digests.add(child.digest);
  return digests;
}
