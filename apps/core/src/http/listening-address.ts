import { type Config, externalUrlOf } from '@moorage/config';
import { ExternalAddress } from '@moorage/features/http';

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

  /** The port the system chose when the configured one is 0. */
  listensOn(port: number): void {
    this.#port = port;
  }
}
