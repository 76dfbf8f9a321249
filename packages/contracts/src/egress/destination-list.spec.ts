import { describe, expect, it } from 'vitest';
import { parseDestinationList } from './destination-list.ts';
import { isInNetwork, parseAddress } from './ip-address.ts';

describe('parseAddress', () => {
  it.each([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['::ffff:169.254.169.254', [169, 254, 169, 254]],
    ['::FFFF:a9fe:a9fe', [169, 254, 169, 254]],
    ['64:ff9b::10.0.0.1', [10, 0, 0, 1]],
    ['::ffff:0:10.0.0.1', [10, 0, 0, 1]],
    ['::1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
    ['2001:db8::1:0', [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]],
    ['1:2:3:4:5:6:7:8', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
  ])('reads %s', (text, bytes) => {
    expect(parseAddress(text)).toEqual(bytes);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '0x7f.0.0.1',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    'fe80::1%eth0',
    '::1.2.3',
    '1.2.3.4::',
    'g::',
    'example.com',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeNull();
  });
});

it('compares networks bit by bit, and never across families', () => {
  const inside = (address: string, base: string, bits: number) =>
    isInNetwork(parseAddress(address)!, parseAddress(base)!, bits);
  expect(inside('100.127.255.255', '100.64.0.0', 10)).toBe(true);
  expect(inside('100.128.0.0', '100.64.0.0', 10)).toBe(false);
  expect(inside('10.0.0.1', '0.0.0.0', 0)).toBe(true);
  expect(inside('fe81::1', 'fe80::', 10)).toBe(true);
  expect(inside('fec0::1', 'fe80::', 10)).toBe(false);
  expect(inside('2001:db8::1', '0.0.0.0', 0)).toBe(false);
});

describe('parseDestinationList', () => {
  it('reads names, wildcards and networks, with and without port', () => {
    const { entries, problems } = parseDestinationList(
      'IDP.example.com, *.corp.example:443\n10.0.0.0/8 192.0.2.7:8080 2001:db8::/32 [fd00::1]:636 ::ffff:10.1.0.0/112',
    );
    expect(problems).toEqual([]);
    expect(entries).toEqual([
      { kind: 'name', name: 'idp.example.com', isWildcard: false, port: null },
      { kind: 'name', name: 'corp.example', isWildcard: true, port: 443 },
      { kind: 'network', base: [10, 0, 0, 0], bits: 8, port: null },
      { kind: 'network', base: [192, 0, 2, 7], bits: 32, port: 8080 },
      { kind: 'network', base: parseAddress('2001:db8::'), bits: 32, port: null },
      { kind: 'network', base: parseAddress('fd00::1'), bits: 128, port: 636 },
      { kind: 'network', base: [10, 1, 0, 0], bits: 16, port: null },
    ]);
  });

  it.each(['*', 'a*b', '10.0.0.0/33', '10.1', '010.0.0.1', 'x:0', 'x:99999', '[::1]:', 'http://x', 'x/8', '::/129'])(
    'names %j as a problem',
    (word) => {
      expect(parseDestinationList(`ok.example, ${word}`).problems).toEqual([word]);
    },
  );

  it('bounds the list', () => {
    expect(parseDestinationList('a.example '.repeat(501)).problems).toHaveLength(1);
  });
});
