import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../target/workspace.ts';

/** The languages of the portal. */
export const LANGUAGES = ['en', 'zh-CN', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text of the portal by area and key, such as `session:withPassword`; throws for a key there is not. */
export type PortalText = (key: string, values?: Readonly<Record<string, string | number>>) => string;

const PLACES: Readonly<Record<string, string>> = {
  'app/locales': 'shell',
  'shared/locales': 'shared',
  'shared/ui-text/locales': 'ui',
};

/** The texts of a language by area, read from the very files the portal is built with. */
function textsOf(language: Language): ReadonlyMap<string, object> {
  const source = join(ROOT, 'apps/portal/src');
  return new Map<string, object>(
    globSync(`**/locales/${language}.json`, { cwd: source }).map((file) => {
      const folder = file.slice(0, file.lastIndexOf('/'));
      const area = PLACES[folder] ?? folder.split('/')[1] ?? '';
      return [area, JSON.parse(readFileSync(join(source, file), 'utf8')) as object];
    }),
  );
}

/** Every text of the portal in a language, and the names of all texts. */
export function allTexts(language: Language): {
  readonly texts: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
} {
  const texts = new Set<string>();
  const keys = new Set<string>();
  const walk = (value: object, prefix: string) => {
    for (const [key, entry] of Object.entries(value) as [string, string | object][]) {
      keys.add(prefix + key);
      if (typeof entry === 'string') texts.add(entry);
      else walk(entry, `${prefix}${key}.`);
    }
  };
  for (const area of textsOf(language).values()) walk(area, '');
  return { texts, keys };
}

/** What the portal says in a language. */
export function portalText(language: Language): PortalText {
  const texts = textsOf(language);
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    const [area = '', path = ''] = key.split(':');
    const suffix = typeof values.count === 'number' ? `_${plural.select(values.count)}` : '';
    let found: unknown = texts.get(area);
    for (const part of `${path}${suffix}`.split('.')) found = (found as Record<string, unknown> | undefined)?.[part];
    if (typeof found !== 'string') throw new Error(`The portal has no text ${key}${suffix} in ${language}.`);
    return found.replaceAll(/\{\{(\w+)(, number)?\}\}/g, (_placeholder, name: string, formatted?: string) => {
      const value = values[name];
      return formatted !== undefined && typeof value === 'number' ? number.format(value) : String(value);
    });
  };
}
