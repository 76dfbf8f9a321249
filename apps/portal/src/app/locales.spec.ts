import i18next from 'i18next';
import { expect, test } from 'vitest';

const LANGUAGES = ['en', 'zh-CN', 'ru'] as const;
type Texts = Record<string, string>;

const FILES = import.meta.glob<object>('../**/locales/*.json', { eager: true, import: 'default' });
const SOURCES = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.spec.{ts,tsx}'], {
  eager: true,
  query: '?raw',
  import: 'default',
});

/** Folder of the texts by area. */
const AREAS = new Map<string, string>(
  Object.keys(FILES)
    .filter((path) => path.endsWith('/en.json'))
    .map((path) => path.replace(/\/en\.json$/, ''))
    .map((folder) => [areaOf(folder), folder]),
);

function areaOf(folder: string): string {
  if (folder === './locales') return 'shell';
  if (folder === '../shared/locales') return 'shared';
  return folder === '../shared/ui-text/locales' ? 'ui' : (folder.split('/')[2] ?? '');
}

/** Areas whose texts any page may use. */
const EVERYWHERE = new Set(['shared', 'ui', 'permission', 'marks', 'policy', 'job']);

/** Names and signs that are the same in every language. */
const SAME_IN_ALL = new Set([
  'GitHub Actions',
  'GitLab CI',
  'CircleCI',
  'OpenID Connect',
  'Moorage',
  'SBOM',
  'root',
  'B',
  'KiB',
  'MiB',
  'GiB',
  'TiB',
  'PiB',
]);

const PLURAL = /_(zero|one|two|few|many|other)$/;

function flatten(value: object, prefix = ''): Texts {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) =>
      typeof entry === 'string' ? [[prefix + key, entry]] : Object.entries(flatten(entry, `${prefix}${key}.`)),
    ),
  );
}

function texts(area: string, language: string): Texts {
  return flatten(FILES[`${AREAS.get(area)}/${language}.json`] ?? {});
}

function baseKeys(all: Texts): string[] {
  return [...new Set(Object.keys(all).map((key) => key.replace(PLURAL, '')))].sort();
}

const areas = [...AREAS.keys()];

test.each(areas)('%s: every language has every text', (area) => {
  const english = baseKeys(texts(area, 'en'));
  for (const language of LANGUAGES) expect(baseKeys(texts(area, language)), language).toEqual(english);
});

test.each(areas)('%s: plurals have the forms of the language', (area) => {
  for (const language of LANGUAGES) {
    const all = texts(area, language);
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const plural = [...new Set(Object.keys(all).filter((key) => PLURAL.test(key)))];
    for (const key of new Set(plural.map((name) => name.replace(PLURAL, '')))) {
      expect(plural.filter((name) => name.replace(PLURAL, '') === key).sort(), `${language} ${key}`).toEqual(
        forms.map((form) => `${key}_${form}`).sort(),
      );
    }
  }
});

test.each(areas)('%s: nothing is left in English, and every placeholder is kept', (area) => {
  const english = texts(area, 'en');
  for (const language of LANGUAGES.slice(1)) {
    for (const [key, text] of Object.entries(texts(area, language))) {
      const source = english[key] ?? english[key.replace(PLURAL, '_other')] ?? '';
      if (/\p{L}{2}/u.test(source) && !SAME_IN_ALL.has(source)) expect(text, `${language} ${key}`).not.toBe(source);
      expect(placeholders(text), `${language} ${key}`).toEqual(
        // A language without a singular form may name the number where English writes a word.
        expect.arrayContaining(placeholders(source).filter((name) => name !== 'name' || !PLURAL.test(key))),
      );
    }
  }
});

test('every text is used', () => {
  const unused: string[] = [];
  for (const area of areas) {
    for (const key of baseKeys(texts(area, 'en'))) if (!isUsed(area, key)) unused.push(`${area}:${key}`);
  }
  expect(unused).toEqual([]);
});

test.each([
  [1, '1 строка'],
  [2, '2 строки'],
  [5, '5 строк'],
  [21, '21 строка'],
  [22, '22 строки'],
  [25, '25 строк'],
])('Russian counts %i as "%s"', async (count, expected) => {
  const instance = i18next.createInstance();
  await instance.init({ lng: 'ru', resources: { ru: { ui: FILES[`${AREAS.get('ui')}/ru.json`] as Texts } } });
  const text = String(instance.t('ui:table.selected' as never, { count } as never));
  expect(text.replace(/^Выбран[ао] /, '')).toBe(expected);
});

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? '').sort();
}

/** A key is used when it stands in quotes, or when a template builds it: `role.${name}.text`. */
function isUsed(area: string, key: string): boolean {
  // Named by codes of the server: shared/told compares them with the server's own texts.
  if (key.startsWith('said.')) return true;
  const folder = area === 'shell' ? './' : EVERYWHERE.has(area) ? '.' : `../features/${area}/`;
  for (const [file, text] of Object.entries(SOURCES)) {
    if (!file.startsWith(folder)) continue;
    if (text.includes(`'${key}'`) || text.includes(`:${key}'`)) return true;
    for (const [, template = ''] of text.matchAll(/t\(\s*`([^`]*\$\{[^`]*)`/g)) {
      if (matchesTemplate(template.replace(/^\w+:/, ''), key)) return true;
    }
  }
  return false;
}

function matchesTemplate(template: string, key: string): boolean {
  const parts = template.split(/\$\{[^}]*\}/);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = index === 0 ? (key.startsWith(part) ? 0 : -1) : key.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return parts.at(-1) === '' || key.endsWith(parts.at(-1) ?? '');
}
