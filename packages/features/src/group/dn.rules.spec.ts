import { describe, expect, it } from 'vitest';
import { leadingValue, normalizeDn } from './dn.rules.ts';

describe('one spelling of a distinguished name', () => {
  it.each([
    ['CN=Web Team, OU=Groups,DC=Example,DC=org', 'cn=web team,ou=groups,dc=example,dc=org'],
    ['cn = Web   Team ,ou=groups', 'cn=web team,ou=groups'],
    [String.raw`cn=Smith\, Jo,ou=people`, String.raw`cn=smith\, jo,ou=people`],
    [String.raw`cn=Smith\2c Jo,ou=people`, String.raw`cn=smith\, jo,ou=people`],
    [String.raw`cn=\20lead\20,ou=people`, String.raw`cn=\ lead\ ,ou=people`],
    [String.raw`cn=J\c3\bcrgen`, 'cn=jürgen'],
    ['uid=b+cn=A', 'cn=a+uid=b'],
    [String.raw`cn=a\00b`, String.raw`cn=a\00b`],
    ['2.5.4.3=x;dc=y', '2.5.4.3=x,dc=y'],
  ])('%s', (dn, normal) => {
    expect(normalizeDn(dn)).toBe(normal);
    expect(normalizeDn(normal)).toBe(normal);
  });

  it.each(['', 'team', 'cn=', '=x', 'cn=a,', 'c n=a', 'cn=a,,dc=b', String.raw`cn=a\ `.trimEnd(), '*'])(
    'is nothing for %j',
    (text) => {
      expect(normalizeDn(text)).toBeNull();
    },
  );

  it('keeps names apart that only look alike', () => {
    expect(normalizeDn(String.raw`cn=a\,dc=b`)).not.toBe(normalizeDn('cn=a,dc=b'));
    expect(normalizeDn(String.raw`cn=a\+uid=b`)).not.toBe(normalizeDn('cn=a+uid=b'));
  });

  it('shows the first value', () => {
    expect(leadingValue(String.raw`CN=Smith\, Jo,OU=People`)).toBe('Smith, Jo');
    expect(leadingValue('nonsense')).toBeNull();
  });
});
