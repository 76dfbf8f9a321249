import { describe, expect, it } from 'vitest';
import { ExternalAddress } from './external-address.ts';

class Address extends ExternalAddress {
  readonly url: string;
  readonly isConfigured: boolean;

  constructor(url: string, isConfigured: boolean) {
    super();
    this.url = url;
    this.isConfigured = isConfigured;
  }
}

describe('ExternalAddress', () => {
  it('S8 S46 never follows a request when an address is configured', () => {
    const address = new Address('https://registry.example.com', true);
    expect(address.urlFor('evil.example.net')).toBe('https://registry.example.com');
    expect(address.isHttps).toBe(true);
  });

  it('names the host the client asked for when nothing is configured, if it is one', () => {
    const address = new Address('http://127.0.0.1:8080', false);
    for (const host of ['10.1.2.3:8080', 'registry.lan', '[2001:db8::1]:8080']) {
      expect(address.urlFor(host)).toBe(`http://${host}`);
    }
    for (const host of [undefined, '', 'a"b', 'evil/path', 'user@evil', 'a b', 'x:99999999', '[::1']) {
      expect(address.urlFor(host)).toBe('http://127.0.0.1:8080');
    }
  });
});
