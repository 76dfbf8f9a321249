import { describe, expect, it } from 'vitest';
import { parseAuthorization } from './credentials.rules.ts';

const basic = (bytes: Buffer | string) => `Basic ${Buffer.from(bytes as string).toString('base64')}`;

describe('parseAuthorization', () => {
  it('reads names and secrets as they are: colons, spaces, any letters, a byte order mark', () => {
    for (const [name, secret] of [
      ['admin', 'a:b:c'],
      ['robot$web+ci', ' spaces '],
      ['имя', '密码🔑'],
      ['', ''],
      ['\ufeffname', '\ufeff'],
    ]) {
      expect(parseAuthorization(basic(`${name}:${secret}`))).toEqual({
        scheme: 'basic',
        credentials: { name, secret },
      });
    }
    expect(parseAuthorization('bAsIc YTpi')).toMatchObject({ scheme: 'basic' });
    expect(parseAuthorization('Bearer abc')).toEqual({ scheme: 'bearer', token: 'abc' });
  });

  it('knows nothing else', () => {
    for (const header of [
      '',
      'Basic',
      'Basic ',
      'Bearer',
      'Basic %%%',
      basic('no colon'),
      basic(Buffer.from([0xff, 0x3a])),
      'Negotiate x',
    ]) {
      expect(parseAuthorization(header)).toEqual({ scheme: 'unknown' });
    }
  });

  it('S6 refuses a secret above 1024 bytes instead of cutting it', () => {
    expect(parseAuthorization(basic(`a:${'é'.repeat(512)}`))).toMatchObject({ scheme: 'basic' });
    for (const secret of ['x'.repeat(1025), 'é'.repeat(513), 'x'.repeat(100_000)]) {
      expect(() => parseAuthorization(basic(`a:${secret}`))).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
    }
  });
});
