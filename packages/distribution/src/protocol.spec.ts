import { createMemoryStores } from './stores/index.ts';
import { describeProtocol } from './testing/protocol/index.ts';
import { serveRegistry } from './testing/serve-registry.ts';

describeProtocol('memory stores', async () => serveRegistry(createMemoryStores()));
