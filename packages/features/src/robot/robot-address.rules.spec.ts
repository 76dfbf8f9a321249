import { describe, expect, it } from 'vitest';
import { isUsableFrom } from './robot-address.rules.ts';

describe('isUsableFrom', () => {
  it('takes addresses of listed networks and single addresses, and everything without a list', () => {
    const list = ['10.1.0.0/16', '192.0.2.7', '2001:db8:5::/48'];
    const cases: readonly (readonly [address: string, usable: boolean])[] = [
      ['10.1.255.9', true],
      ['10.2.0.1', false],
      ['192.0.2.7', true],
      ['192.0.2.8', false],
      ['2001:db8:5:ffff::1', true],
      ['2001:db8:6::1', false],
      ['::ffff:10.1.2.3', true],
      ['::1', false],
      ['', false],
      ['unknown', false],
    ];
    expect(cases.filter(([address, usable]) => isUsableFrom(list, address) !== usable)).toEqual([]);
    expect([isUsableFrom([], 'unknown'), isUsableFrom(undefined, '')]).toEqual([true, true]);
  });
});
