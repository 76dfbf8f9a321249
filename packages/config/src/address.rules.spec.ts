import { describe, expect, it } from 'vitest';
import { externalUrlOf } from './index.ts';

describe('externalUrlOf', () => {
  it.each([
    [{ externalUrl: 'https://registry.example.com', host: '0.0.0.0' }, 'https://registry.example.com'],
    [{ externalUrl: undefined, host: '127.0.0.1' }, 'http://127.0.0.1:8080'],
    [{ externalUrl: undefined, host: '0.0.0.0' }, 'http://localhost:8080'],
    [{ externalUrl: undefined, host: '::' }, 'http://localhost:8080'],
    [{ externalUrl: undefined, host: '::1' }, 'http://[::1]:8080'],
  ])('%j is reached at %s', (config, url) => {
    expect(externalUrlOf(config, 8080)).toBe(url);
  });
});
