import { describe, expect, it } from 'vitest';
import { refuseForgery } from './forgery.rules.ts';

const EXTERNAL = 'https://registry.example.com';

function verdict(
  headers: Record<string, string>,
  credential: 'session' | 'none' | 'password' = 'session',
  method: 'POST' | 'GET' = 'POST',
) {
  try {
    refuseForgery({ method }, headers, { credential }, EXTERNAL);
    return 'let in';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('refuseForgery', () => {
  it('S37 refuses unsafe calls a foreign page made, with and without a session', () => {
    const host = 'registry.example.com';
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { host, origin: 'https://evil.example' },
      { host, origin: 'null' },
      { host, origin: 'https://registry.example.com.evil.example' },
      { host, origin: 'https://registry.example.com:444' },
      { host, origin: EXTERNAL, 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of foreign) {
      expect(verdict(headers), JSON.stringify(headers)).toBe('CSRF_TOKEN_INVALID');
      expect(verdict(headers, 'none')).toBe('CSRF_TOKEN_INVALID');
    }
  });

  it('S37 refuses a password that a browser kept and added to the call of a foreign page', () => {
    for (const authorization of ['Basic eDp5', 'basic eDp5']) {
      expect(verdict({ 'sec-fetch-site': 'cross-site', authorization }, 'password')).toBe('CSRF_TOKEN_INVALID');
      expect(verdict({ origin: 'https://evil.example', authorization }, 'password')).toBe('CSRF_TOKEN_INVALID');
      expect(verdict({ 'sec-fetch-site': 'same-origin', authorization }, 'password')).toBe('let in');
      expect(verdict({ authorization }, 'password')).toBe('let in');
      expect(verdict({ 'sec-fetch-site': 'cross-site', authorization }, 'password', 'GET')).toBe('let in');
    }
  });

  it('lets in our own pages, also behind a proxy, programs, and what cannot be forged', () => {
    expect(verdict({ 'sec-fetch-site': 'same-origin', origin: EXTERNAL, host: '10.0.0.5:8080' })).toBe('let in');
    expect(verdict({ origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8080' })).toBe('let in');
    expect(verdict({ 'sec-fetch-site': 'none' })).toBe('let in');
    expect(verdict({})).toBe('let in');
    expect(verdict({ 'sec-fetch-site': 'cross-site', authorization: 'Bearer x' }, 'password')).toBe('let in');
    expect(verdict({ 'sec-fetch-site': 'cross-site' }, 'session', 'GET')).toBe('let in');
  });
});
