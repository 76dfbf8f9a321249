import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anonymousHooks } from '../anonymous-hooks.ts';
import { applyServerSettings, REGISTRY_SERVER_OPTIONS } from '../http/server-settings.ts';
import { createRegistry, type Registry, type RegistryOptions } from '../registry.ts';

export interface ServedRegistry {
  readonly baseUrl: string;
  readonly registry: Registry;
  /** Ends all connections and frees the port. */
  stop(): Promise<void>;
}

/** Serves a registry on a free port of this machine; without `hooks` everybody may do everything. */
export async function serveRegistry(
  options: Omit<RegistryOptions, 'hooks'> & Partial<Pick<RegistryOptions, 'hooks'>>,
): Promise<ServedRegistry> {
  const registry = createRegistry({ hooks: anonymousHooks(), ...options });
  const server = createServer(REGISTRY_SERVER_OPTIONS, registry.handler);
  server.on('checkContinue', registry.checkContinue);
  applyServerSettings(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { baseUrl: `http://127.0.0.1:${port}`, registry, stop };
}
