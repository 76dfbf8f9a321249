#!/usr/bin/env node
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { anonymousHooks } from './anonymous-hooks.ts';
import { applyServerSettings, createRegistry, REGISTRY_SERVER_OPTIONS } from './index.ts';
import type { RequestInfo } from './ports/index.ts';
import { createMemoryStores, openFilesystemContent, openFilesystemMetadata } from './stores/index.ts';

const USAGE = `Serves an OCI registry from a folder. Everybody may do everything: for tests and demonstrations only.

  --root DIR    where to keep content (default ./registry)
  --port N      port to listen on (default 5000; 0 lets the system choose)
  --host ADDR   address to listen on (default 127.0.0.1)
  --memory      keep everything in memory instead
  --no-delete   refuse to delete content
`;

/** How long requests may go on after SIGTERM. */
const DRAIN_MS = 30_000;

const { values } = parseArgs({
  options: {
    root: { type: 'string', default: 'registry' },
    port: { type: 'string', default: '5000' },
    host: { type: 'string', default: '127.0.0.1' },
    memory: { type: 'boolean', default: false },
    'no-delete': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(USAGE);
} else {
  await serve();
}

async function serve(): Promise<void> {
  const stores = values.memory
    ? { ...createMemoryStores(), close: async () => undefined }
    : await openStores(values.root);
  const registry = createRegistry({
    ...stores,
    hooks: anonymousHooks({ onError: report }),
    allowDelete: !values['no-delete'],
  });
  const server = createServer(REGISTRY_SERVER_OPTIONS, registry.handler);
  server.on('checkContinue', registry.checkContinue);
  applyServerSettings(server);
  server.listen(Number(values.port), values.host, () => {
    const { address, port, family } = server.address() as AddressInfo;
    const host = family === 'IPv6' ? `[${address}]` : address;
    process.stdout.write(`The registry is ready at http://${host}:${port}\n`);
  });
  const stop = () => {
    server.close(() => void stores.close());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function report(request: RequestInfo, error: unknown): void {
  process.stderr.write(`${request.id} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

async function openStores(folder: string) {
  const root = resolve(folder);
  await mkdir(root, { recursive: true });
  const content = await openFilesystemContent(root);
  const { metadata, close } = openFilesystemMetadata(root);
  return {
    ...content,
    metadata,
    close: async () => {
      await content.close();
      close();
    },
  };
}
