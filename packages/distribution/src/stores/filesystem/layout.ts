import { join } from 'node:path';
import { algorithmOf, DIGEST_ALGORITHMS, type Digest, type DigestAlgorithm, hexOf } from '../../digest.ts';
import { isUploadId } from '../../reference.ts';

/**
 * Where things are, one function per path. Nothing a client chooses ever becomes a path: blobs are named by validated
 * digests, uploads by ids the engine made (S72).
 *
 *     ROOT/
 *       blobs/ALGORITHM/ab/abcd…   content, named by its own digest; complete and durable once it is there
 *       aside/ALGORITHM/ab/abcd…   content that was collected and not given up yet
 *       quarantine/ALGORITHM/abcd… content that is not what its name says
 *       uploads/ID                 content that is still arriving
 *       metadata.sqlite            repositories, links, manifests, tags, upload sessions (standalone engine only)
 *
 * All directories must be on one file system, because a finished upload becomes a blob by a rename.
 */
export class StoreLayout {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  blob(digest: Digest): string {
    return join(this.blobDirectory(digest), hexOf(digest));
  }

  blobDirectory(digest: Digest): string {
    return join(this.root, 'blobs', algorithmOf(digest), hexOf(digest).slice(0, 2));
  }

  blobs(algorithm: DigestAlgorithm): string {
    return join(this.root, 'blobs', algorithm);
  }

  aside(digest: Digest): string {
    return join(this.asideDirectory(digest), hexOf(digest));
  }

  asideDirectory(digest: Digest): string {
    return join(this.root, 'aside', algorithmOf(digest), hexOf(digest).slice(0, 2));
  }

  quarantine(digest: Digest): string {
    return join(this.quarantineDirectory(digest), hexOf(digest));
  }

  quarantineDirectory(digest: Digest): string {
    return join(this.root, 'quarantine', algorithmOf(digest));
  }

  uploads(): string {
    return join(this.root, 'uploads');
  }

  upload(id: string): string {
    if (!isUploadId(id)) throw new Error('an upload id is not safe as a file name');
    return join(this.uploads(), id);
  }

  metadata(): string {
    return join(this.root, 'metadata.sqlite');
  }

  /** Directories that exist from the start, parents first. */
  fixedDirectories(): string[] {
    const folders = ['blobs', 'aside', 'quarantine'].map((name) => join(this.root, name));
    return [
      this.root,
      ...folders,
      ...folders.flatMap((folder) => DIGEST_ALGORITHMS.map((algorithm) => join(folder, algorithm))),
      this.uploads(),
    ];
  }
}
