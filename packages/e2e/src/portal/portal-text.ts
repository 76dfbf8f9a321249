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

/** What the portal says in a language, read from the very files it is built with. */
export function portalText(language: Language): PortalText {
  const source = join(ROOT, 'apps/portal/src');
  const texts = new Map<string, object>(
    globSync(`**/locales/${language}.json`, { cwd: source }).map((file) => {
      const folder = file.slice(0, file.lastIndexOf('/'));
      const area = PLACES[folder] ?? folder.split('/')[1] ?? '';
      return [area, JSON.parse(readFileSync(join(source, file), 'utf8')) as object];
    }),
  );
  const plural = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const [area = '', path = ''] = key.split(':');
    const suffix = typeof values.count === 'number' ? `_${plural.select(values.count)}` : '';
    let found: unknown = texts.get(area);
    for (const part of `${path}${suffix}`.split('.')) found = (found as Record<string, unknown> | undefined)?.[part];
    if (typeof found !== 'string') throw new Error(`The portal has no text ${key}${suffix} in ${language}.`);
    return found.replaceAll(/\{\{(\w+)(?:, number)?\}\}/g, (_placeholder, name: string) => String(values[name]));
  };
}
