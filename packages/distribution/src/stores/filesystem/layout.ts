import { join } from 'node:path';
import { algorithmOf, DIGEST_ALGORITHMS, type Digest, hexOf } from '../../digest.ts';
import { isUploadId } from '../../reference.ts';

/**
 * Where things are, one function per path. Nothing a client chooses ever becomes a path: blobs are named by validated
 * digests, uploads by ids the engine made (S72).
 *
 *     ROOT/
 *       blobs/ALGORITHM/ab/abcd…   content, named by its own digest; complete and durable once it is there
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
    const blobs = join(this.root, 'blobs');
    return [this.root, blobs, ...DIGEST_ALGORITHMS.map((algorithm) => join(blobs, algorithm)), this.uploads()];
  }
}
