const HOST = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$/;

/** The address clients use, known once the server listens. Injection token and type in one; provided by the process. */
export abstract class ExternalAddress {
  /** Origin without a final slash, for example `https://registry.example.com`. */
  abstract readonly url: string;
  /** Whether an administrator set it; else it is only where the server listens. */
  abstract readonly isConfigured: boolean;

  /** Whether browsers may be given cookies that travel over TLS only. */
  get isHttps(): boolean {
    return this.url.startsWith('https://');
  }

  /**
   * The origin for addresses in an answer. A configured one stands whatever a request says (S8, S46). Without one the
   * server does not know under which names it is reached, and registry clients refuse to be sent to another host with
   * their credentials: then it is the host the client itself asked for.
   */
  urlFor(host: string | undefined): string {
    return this.isConfigured || host === undefined || !HOST.test(host) ? this.url : `http://${host}`;
  }
}
