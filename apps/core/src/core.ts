import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Config, ensureSecretKey, listeningUrlOf } from '@moorage/config';
import { Database } from '@moorage/database';
import { openFilesystemContent } from '@moorage/distribution/stores';
import { BlobReader } from '@moorage/features/artifact-content';
import { type Clock, SystemClock } from '@moorage/features/clock';
import { EgressEnvironment } from '@moorage/features/egress';
import { EventService } from '@moorage/features/event';
import { HttpMeter } from '@moorage/features/metrics';
import { HealthService } from '@moorage/features/system-info';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type Express } from 'express';
import { CoreInstallation } from './core-installation.ts';
import { CoreModule } from './core.module.ts';
import { ListeningAddress } from './http/listening-address.ts';
import { createDispatcher } from './http/dispatcher.ts';
import { PortalFiles } from './http/portal-files.ts';
import { Probes } from './http/probes.ts';
import { RegistryServerAdapter } from './http/registry-server.ts';
import { TrustedProxies } from './http/trusted-proxies.ts';
import type { Logger } from '@moorage/features/platform';
import { type OpenRegistry, openRegistry } from './registry-front/registry-front.ts';
import { prepareInstallation } from './installation.ts';

/** Connections of one core process; the embedded server allows 200 in all. */
const POOL_SIZE = 40;
const DRAIN_MS = 30_000;

export interface RunningCore {
  /** Where it listens, for this machine. */
  readonly url: string;
  /** Set when this start made the first administrator with a random password; shown once. */
  readonly firstAdmin: { readonly username: string; readonly password: string } | null;
  /** Refuses new work, lets requests end (30 s at most), and closes everything. */
  stop(): Promise<void>;
}

/** Starts the HTTP process: engine, API, token service and portal on one port. */
export async function startCore(
  config: Config,
  logger: Logger,
  clock: Clock = new SystemClock(),
): Promise<RunningCore> {
  if (config.databaseUrl === undefined) throw new Error('MOORAGE_DATABASE_URL is needed; npm start sets it by itself');
  const database = await Database.open({
    url: config.databaseUrl.reveal(),
    poolSize: POOL_SIZE,
    applicationName: 'moorage-core',
    onConnectionError: (error) => logger.warn('database connection lost', { error }),
  });
  await database.migrate();
  const content = await openFilesystemContent(join(config.dataDir, 'registry'));
  const address = new ListeningAddress(config);
  const portalDir = join(import.meta.dirname, '../../portal/dist');
  const module = CoreModule.with({
    database,
    clock,
    logger,
    address,
    secretKey: ensureSecretKey(config),
    blobs: new BlobReader(content.blobs),
    egress: new EgressEnvironment(config),
    installation: await CoreInstallation.of(config, content.blobs, portalDir),
  });
  const app = await NestFactory.create<NestExpressApplication>(module, new RegistryServerAdapter(exactExpress()), {
    bodyParser: false,
    logger,
    abortOnError: false,
  });
  const firstAdmin = await prepareInstallation(app, config);
  await app.init();
  const server = app.getHttpServer() as Server;
  const probes = new Probes(() => app.get(HealthService, { strict: false }).isReady());
  const registry = openRegistry(app, { content, address, logger });
  putInFront(server, registry, {
    portal: new PortalFiles(portalDir),
    probes: (path, request, response) => probes.serve(path, request, response),
    meter: app.get(HttpMeter, { strict: false }),
    proxies: new TrustedProxies(config.trustedProxies),
    address,
  });
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  address.listensOn(port);
  return {
    url: listeningUrlOf(config, port),
    firstAdmin,
    stop: async () => {
      probes.drain();
      app.get(EventService, { strict: false }).endAll();
      await drain(server);
      await registry.close();
      await content.close();
      await app.close();
      await database.close();
    },
  };
}

/**
 * Replaces Nest's listener by the dispatcher, which hands back to it what is not the engine's or the portal's. A client
 * that waits before it sends its body (curl does, above 1 MiB) takes the same way: the engine decides first whether to
 * let it go on, everything else does at once.
 */
function putInFront(
  server: Server,
  registry: Pick<OpenRegistry, 'handler' | 'checkContinue'>,
  doors: Omit<Parameters<typeof createDispatcher>[0], 'api' | 'registry'>,
): void {
  const [api] = server.listeners('request') as RequestListener[];
  if (!api) throw new Error('Nest has no request listener; was it initialised?');
  const apiAtOnce: RequestListener = (request, response) => {
    response.writeContinue();
    api(request, response);
  };
  server.removeAllListeners('request');
  server.on('request', createDispatcher({ ...doors, api, registry: registry.handler }));
  server.on('checkContinue', createDispatcher({ ...doors, api: apiAtOnce, registry: registry.checkContinue }));
}

/** Names differ by case: the router must read addresses as the rooms do (S57). Final slashes are the guard's business. */
function exactExpress(): Express {
  // Before the first route: Express fixes how its router reads paths when it makes it.
  return express().enable('case sensitive routing').disable('x-powered-by').disable('etag');
}

async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(force);
}
