import { describeContentStores, describeMetadataStore } from '../../testing/contract/index.ts';
import { createMemoryMetadataStore, createMemoryStores } from './index.ts';

describeContentStores('memory', async () => ({ ...createMemoryStores(), close: async () => undefined }));

describeMetadataStore('memory', async () => ({
  store: createMemoryMetadataStore(),
  namespaceIds: [1, 2],
  callers: [{ id: 'alice' }, { id: 'bob' }],
  close: async () => undefined,
}));
