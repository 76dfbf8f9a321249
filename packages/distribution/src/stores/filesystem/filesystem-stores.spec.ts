import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeContentStores, describeMetadataStore } from '../../testing/contract/index.ts';
import { openFilesystemStores } from './index.ts';

/** Two openings of one fresh directory, as two processes would have it. */
async function openTwice() {
  const root = await mkdtemp(join(tmpdir(), 'moorage-stores-'));
  const [first, second] = [await openFilesystemStores(root), await openFilesystemStores(root)];
  const close = async () => {
    await first.close();
    await second.close();
    await rm(root, { recursive: true, force: true });
  };
  return { first, second, close };
}

describeContentStores('filesystem', async () => {
  const { first, second, close } = await openTwice();
  return { blobs: first.blobs, uploads: first.uploads, other: second, close };
});

describeMetadataStore('filesystem', async () => {
  const { first, second, close } = await openTwice();
  return {
    store: first.metadata,
    other: second.metadata,
    namespaceIds: [1, 2],
    callers: [{ id: 'alice' }, { id: 'bob' }],
    close,
  };
});
