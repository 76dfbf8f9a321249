import { createServer } from 'node:http';
import { REGISTRY_SERVER_OPTIONS } from '@moorage/distribution';
import { ExpressAdapter } from '@nestjs/platform-express';

/** Nest's HTTP adapter on a server with the engine's limits, which can only be given when a server is made. */
export class RegistryServerAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    this.httpServer = createServer(REGISTRY_SERVER_OPTIONS, this.getInstance());
  }
}
