import { describe, expect, it } from 'vitest';
import { placeOf, retryAfterSeconds } from './throttle.rules.ts';

describe('placeOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:ffff::1', '2001:db8:0:0::/64'],
    ['2001:0db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('of %s is %s', (address, place) => {
    expect(placeOf(address)).toBe(place);
  });
});

describe('retryAfterSeconds', () => {
  it('is the time until the oldest attempt leaves the window', () => {
    const limit = { attempts: 10, windowSeconds: 900 };
    const now = new Date('2026-01-01T00:10:00Z');
    expect(retryAfterSeconds(new Date('2026-01-01T00:00:00.5Z'), limit, now)).toBe(301);
    expect(retryAfterSeconds(new Date('2025-12-31T23:00:00Z'), limit, now)).toBe(1);
  });
});
