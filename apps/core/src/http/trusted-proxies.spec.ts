import { loadConfig } from '@moorage/config';
import { describe, expect, it } from 'vitest';
import { TrustedProxies } from './trusted-proxies.ts';

const proxies = (networks: string) =>
  new TrustedProxies(loadConfig({ MOORAGE_TRUSTED_PROXIES: networks }).trustedProxies);
const from = (networks: string, peer: string, forwarded: string) =>
  proxies(networks).senderOf(peer, { 'x-forwarded-for': forwarded, 'x-forwarded-proto': 'https' });

describe('S8 the sender of a request', () => {
  it('is the peer when the peer is no trusted proxy, whatever headers say', () => {
    for (const networks of ['', '10.0.0.0/8', '2001:db8::/32']) {
      expect(from(networks, '192.0.2.7', '127.0.0.1')).toEqual({ address: '192.0.2.7', isHttps: false });
    }
  });

  it.each([
    ['one proxy', '10.0.0.0/8', '10.0.0.1', '198.51.100.4', '198.51.100.4'],
    ['an address in IPv6 dress', '10.0.0.1', '::ffff:10.0.0.1', '198.51.100.4', '198.51.100.4'],
    ['two proxies', '10.0.0.0/8', '10.0.0.1', '198.51.100.4, 10.9.9.9', '198.51.100.4'],
    ['lies before the truth', '10.0.0.0/8', '10.0.0.1', '127.0.0.1, 10.0.0.9, 198.51.100.4', '198.51.100.4'],
    ['IPv6 with a port', 'fd00::/8', 'fd00::1', '[2001:db8::4]:5000', '2001:db8::4'],
    ['IPv4 with a port', 'fd00::/8', 'fd00::1', '198.51.100.4:5000', '198.51.100.4'],
    ['a hop that is no address', '10.0.0.0/8', '10.0.0.1', '198.51.100.4, unknown', '10.0.0.1'],
    ['nothing', '10.0.0.0/8', '10.0.0.1', '', '10.0.0.1'],
    ['only proxies', '10.0.0.0/8', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ])('behind trusted proxies: %s', (_what, networks, peer, forwarded, address) => {
    expect(from(networks, peer, forwarded)).toEqual({ address, isHttps: true });
  });

  it('came by TLS only when the nearest trusted proxy says so', () => {
    const isHttps = (proto: string) => proxies('10.0.0.1').senderOf('10.0.0.1', { 'x-forwarded-proto': proto }).isHttps;
    expect(['https', 'HTTPS', 'http, https'].map(isHttps)).toEqual([true, true, true]);
    expect(['http', '', 'https, http', 'httpsx'].map(isHttps)).toEqual([false, false, false, false]);
  });
});
