import type { IncomingMessage } from 'node:http';

const HOST = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$/;

/** The address clients use, known once the server listens. Injection token and type in one; provided by the process. */
export abstract class ExternalAddress {
  /** Origin without a final slash, for example `https://registry.example.com`. */
  abstract readonly url: string;
  /** Whether an administrator set it; else it is only where the server listens. */
  abstract readonly isConfigured: boolean;

  /** Whether clients reach the server by TLS at its own address. */
  get isHttps(): boolean {
    return this.url.startsWith('https://');
  }

  /**
   * Whether this request's client is connected by TLS, so that it may be given cookies that travel over TLS only. What a
   * configured address says stands; else it is what a trusted proxy said.
   */
  isHttpsFor(_request: IncomingMessage): boolean {
    return this.isHttps;
  }

  /**
   * The origin for addresses in an answer. A configured one stands whatever a request says (S8, S46). Without one the
   * server does not know under which names it is reached, and registry clients refuse to be sent to another host with
   * their credentials: then it is the host the client itself asked for, by TLS when a trusted proxy says so.
   */
  urlFor(host: string | undefined, isHttps = false): string {
    if (this.isConfigured || host === undefined || !HOST.test(host)) return this.url;
    return `${isHttps ? 'https' : 'http'}://${host}`;
  }
}
