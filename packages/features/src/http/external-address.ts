/** The address clients use, known once the server listens. Injection token and type in one; provided by the process. */
export abstract class ExternalAddress {
  /** Origin without a final slash, for example `https://registry.example.com`. */
  abstract readonly url: string;

  /** Whether browsers may be given cookies that travel over TLS only. */
  get isHttps(): boolean {
    return this.url.startsWith('https://');
  }
}
