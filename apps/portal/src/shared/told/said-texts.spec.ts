import { ACCESS_REASON_TEXTS, FEDERATION_CHECK_TEXTS, SOURCE_CHECK_TEXTS } from '@moorage/contracts';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../languages.ts';

const AREAS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  access: ACCESS_REASON_TEXTS,
  federation: FEDERATION_CHECK_TEXTS,
  'identity-source': SOURCE_CHECK_TEXTS,
};
const files = import.meta.glob<{ said?: Record<string, string> }>('../../features/*/locales/*.json', {
  eager: true,
  import: 'default',
});
const placesOf = (text: string) => [...text.matchAll(/\{+([a-z]+)\}+/g)].map(([, name]) => name).toSorted();

describe.each(Object.keys(AREAS))('sentences of the server about %s', (area) => {
  test.each(LANGUAGES.map(({ tag }) => tag))('are all there in %s, with the same places', (tag) => {
    const said = files[`../../features/${area}/locales/${tag}.json`]?.said ?? {};
    const places = (texts: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(texts).map(([code, text]) => [code, [...new Set(placesOf(text))]]));
    expect(places(said)).toEqual(places(AREAS[area] ?? {}));
    if (tag === 'en') {
      const plain = Object.entries(said).map(([code, text]) => [
        code,
        text.replaceAll(/\{\{|\}\}/g, (two) => two[0] ?? ''),
      ]);
      expect(Object.fromEntries(plain)).toEqual(AREAS[area]);
    }
  });
});
