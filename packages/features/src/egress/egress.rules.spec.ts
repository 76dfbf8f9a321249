import { parseAddress, parseDestinationList, type RefusalReason } from '@moorage/contracts';
import { describe, expect, it } from 'vitest';
import { kindOfAddress } from './address.rules.ts';
import {
  destinationOf,
  type EgressPolicy,
  isMeantFor,
  refuseAddress,
  refuseDestination,
  refuseRedirect,
  splitCredentials,
} from './egress.rules.ts';

const policy = (allow = '', deny = '', listedOnly = false): EgressPolicy => ({
  allow: parseDestinationList(allow).entries,
  deny: parseDestinationList(deny).entries,
  listedOnly,
});

const KINDS: readonly (readonly [string, ReturnType<typeof kindOfAddress>])[] = [
  ['1.1.1.1', 'public'],
  ['11.0.0.0', 'public'],
  ['172.32.0.1', 'public'],
  ['192.169.0.1', 'public'],
  ['223.255.255.255', 'public'],
  ['2606:4700::1111', 'public'],
  ['64:ff9b::1.1.1.1', 'public'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['::', 'unspecified'],
  ['10.255.255.255', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['fc00::1', 'private'],
  ['fdff::1', 'private'],
  ['fec0::1', 'private'],
  ['64:ff9b:1::1', 'private'],
  ['64:ff9b::192.168.0.1', 'private'],
  ['100.64.0.1', 'shared'],
  ['100.127.255.255', 'shared'],
  ['169.254.0.1', 'link-local'],
  ['fe80::1', 'link-local'],
  ['169.254.169.254', 'metadata'],
  ['::ffff:a9fe:a9fe', 'metadata'],
  ['64:ff9b::a9fe:a9fe', 'metadata'],
  ['169.254.170.2', 'metadata'],
  ['100.100.100.200', 'metadata'],
  ['168.63.129.16', 'metadata'],
  ['fd00:ec2::254', 'metadata'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['ff02::1', 'multicast'],
  ['192.0.2.1', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['198.19.255.255', 'reserved'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['2001:db8::1', 'reserved'],
  ['2001::1', 'reserved'],
  ['2002:a00:1::', 'reserved'],
  ['::7f00:1', 'reserved'],
  ['4000::1', 'reserved'],
];

it.each(KINDS)('%s is %s', (address, kind) => {
  expect(kindOfAddress(parseAddress(address)!)).toBe(kind);
});

describe('an address of a destination', () => {
  const idp = { host: 'idp.corp.example', port: 443 };

  it('is refused unless public, and opened by its name, its network or its port', () => {
    expect(refuseAddress(idp, '1.1.1.1', policy())).toBeNull();
    expect(refuseAddress(idp, '10.0.0.5', policy())).toBe('private');
    expect(refuseAddress(idp, '10.0.0.5', policy('idp.corp.example'))).toBeNull();
    expect(refuseAddress({ ...idp, host: 'IDP.corp.example.' }, '10.0.0.5', policy('idp.corp.example'))).toBeNull();
    expect(refuseAddress(idp, '10.0.0.5', policy('*.corp.example'))).toBeNull();
    expect(refuseAddress(idp, '10.0.0.5', policy('*.idp.corp.example'))).toBe('private');
    expect(refuseAddress({ ...idp, host: 'evilcorp.example' }, '10.0.0.5', policy('*.corp.example'))).toBe('private');
    expect(refuseAddress(idp, '10.0.0.5', policy('10.0.0.0/24:443'))).toBeNull();
    expect(refuseAddress(idp, '10.0.0.5', policy('10.0.0.0/24:8443'))).toBe('private');
    expect(refuseAddress(idp, '::ffff:10.0.0.5', policy('10.0.0.0/24'))).toBeNull();
  });

  it('of a metadata service is only opened by that very address', () => {
    const metadata = (allow: string) => refuseAddress(idp, '169.254.169.254', policy(allow));
    expect(metadata('idp.corp.example')).toBe('metadata');
    expect(metadata('169.254.0.0/16')).toBe('metadata');
    expect(metadata('0.0.0.0/0')).toBe('metadata');
    expect(metadata('169.254.169.254')).toBeNull();
  });

  it.each<[string, RefusalReason]>([
    ['169.254.1.1', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['0.0.0.0', 'unspecified'],
    ['not an address', 'reserved'],
  ])('%s is not opened by name', (address, reason) => {
    expect(refuseAddress(idp, address, policy('idp.corp.example'))).toBe(reason);
  });

  it('is refused by the deny list before anything else, however it is written', () => {
    expect(refuseAddress(idp, '1.1.1.1', policy('1.1.1.1', '1.1.1.0/24'))).toBe('denied');
    expect(refuseAddress(idp, '::ffff:1.1.1.1', policy('', '1.1.1.0/24'))).toBe('denied');
    expect(refuseAddress(idp, '1.1.1.1', policy('', 'idp.corp.example:8443'))).toBeNull();
  });

  it('must be listed when only listed ones are allowed', () => {
    expect(refuseAddress(idp, '1.1.1.1', policy('', '', true))).toBe('not-listed');
    expect(refuseAddress(idp, '1.1.1.1', policy('*.corp.example', '', true))).toBeNull();
    expect(refuseAddress(idp, '10.0.0.1', policy('', '', true))).toBe('private');
  });
});

describe('a destination before its name is resolved', () => {
  it('is refused by a denied name or a port of another protocol', () => {
    expect(refuseDestination({ host: 'x.example', port: 443 }, policy('', '*.example'), true)).toBe('denied');
    expect(refuseDestination({ host: 'x.test', port: 25 }, policy(), true)).toBe('port');
    expect(refuseDestination({ host: 'x.test', port: 6379 }, policy('x.test'), true)).toBe('port');
    expect(refuseDestination({ host: 'x.test', port: 6379 }, policy('x.test:6379'), true)).toBeNull();
    expect(refuseDestination({ host: 'x.test', port: 389 }, policy(), false)).toBeNull();
    expect(refuseDestination({ host: 'x.test', port: 8443 }, policy(), true)).toBeNull();
  });

  it.each([
    ['file:///etc/passwd', 'scheme'],
    ['ftp://x.example/', 'scheme'],
    ['gopher://x.example/', 'scheme'],
    ['unix:/run/docker.sock', 'scheme'],
    ['http://user@x.example/', 'userinfo'],
    ['https://a:b@x.example/', 'userinfo'],
  ])('%s is refused', (url, refused) => {
    expect(destinationOf(new URL(url))).toEqual({ refused });
  });

  it.each([
    ['http://2130706433/', '127.0.0.1', 80],
    ['http://0x7f.1/', '127.0.0.1', 80],
    ['http://0177.0.0.1:81/', '127.0.0.1', 81],
    ['https://[::1]/', '::1', 443],
    ['http://169。254。169。254/', '169.254.169.254', 80],
  ])('%s is %s', (url, host, port) => {
    expect(destinationOf(new URL(url))).toEqual({ destination: { host, port } });
  });
});

describe('credentials', () => {
  it('are told apart by header name in any case', () => {
    expect(splitCredentials({ Authorization: 'a', COOKIE: 'b', Accept: 'c' })).toEqual({
      open: { accept: 'c' },
      credentials: { authorization: 'a', cookie: 'b' },
    });
  });

  it('are meant for one scheme, host and port', () => {
    const meant = (url: string) => isMeantFor(new URL(url), ['https://a.example/path']);
    expect(meant('https://a.example:443/other')).toBe(true);
    for (const url of ['http://a.example', 'https://a.example:444', 'https://b.a.example', 'https://a.example.']) {
      expect(meant(url), url).toBe(false);
    }
    expect(isMeantFor(new URL('https://a.example'), [])).toBe(false);
  });
});

it('a redirect stays on the web and never leaves TLS', () => {
  const [plain, secure] = [new URL('http://a.example'), new URL('https://a.example')];
  expect(refuseRedirect(plain, secure)).toBeNull();
  expect(refuseRedirect(plain, plain)).toBeNull();
  expect(refuseRedirect(secure, plain)).toBe('redirect');
  expect(refuseRedirect(plain, new URL('file:///etc/passwd'))).toBe('redirect');
});
