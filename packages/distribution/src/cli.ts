#!/usr/bin/env node
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { anonymousHooks } from './anonymous-hooks.ts';
import { applyServerSettings, createRegistry, REGISTRY_SERVER_OPTIONS } from './index.ts';
import { createMemoryStores, openFilesystemStores } from './stores/index.ts';

const USAGE = `Serves an OCI registry from a folder. Everybody may do everything: for tests and demonstrations only.

  --root DIR    where to keep content (default ./registry)
  --port N      port to listen on (default 5000; 0 lets the system choose)
  --host ADDR   address to listen on (default 127.0.0.1)
  --memory      keep everything in memory instead
  --no-delete   refuse to delete content
`;

/** How long requests may go on after SIGTERM. */
const DRAIN_MS = 30_000;
/** Uploads that nobody has continued for this long are dropped. */
const ABANDONED_MS = 24 * 3600_000;
const PURGE_EVERY_MS = 3600_000;

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
    : await openFolder(values.root);
  const registry = createRegistry({
    ...stores,
    hooks: anonymousHooks({ onError: (request, error) => report(request.id, error) }),
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
  server.on('error', (error) => {
    process.stderr.write(`The registry cannot listen: ${error.message}\n`);
    process.exit(1);
  });
  setInterval(() => {
    const before = new Date(Date.now() - ABANDONED_MS);
    registry.operations.purgeUploads(before).catch((error: unknown) => report('purge', error));
  }, PURGE_EVERY_MS).unref();
  const stop = () => {
    server.close(() => void stores.close());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function report(what: string, error: unknown): void {
  process.stderr.write(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

async function openFolder(folder: string) {
  const root = resolve(folder);
  await mkdir(root, { recursive: true });
  return openFilesystemStores(root);
}
