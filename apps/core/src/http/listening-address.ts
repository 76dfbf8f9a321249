import { type Config, externalUrlOf } from '@moorage/config';
import { ExternalAddress } from '@moorage/features/http';
import type { IncomingMessage } from 'node:http';
import { originOf } from './request-origin.ts';

/** The configured address, or, until there is one, where this process listens. */
export class ListeningAddress extends ExternalAddress {
  readonly #config: Pick<Config, 'externalUrl' | 'host'>;
  #port: number;

  constructor(config: Pick<Config, 'externalUrl' | 'host' | 'port'>) {
    super();
    this.#config = config;
    this.#port = config.port;
  }

  get url(): string {
    return externalUrlOf(this.#config, this.#port);
  }

  get isConfigured(): boolean {
    return this.#config.externalUrl !== undefined;
  }

  override isHttpsFor(request: IncomingMessage): boolean {
    return this.isConfigured ? this.isHttps : originOf(request).isHttps === true;
  }

  /** The port the system chose when the configured one is 0. */
  listensOn(port: number): void {
    this.#port = port;
  }
}
