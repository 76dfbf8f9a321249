/** The languages the portal speaks, each under its own name. */
export const LANGUAGES = [
  { tag: 'en', name: 'English' },
  { tag: 'zh-CN', name: '简体中文' },
  { tag: 'ru', name: 'Русский' },
] as const;

export type Language = (typeof LANGUAGES)[number]['tag'];

/** Also read by `public/preferences.js` before the first paint. */
export const LANGUAGE_KEY = 'moorage-language';

/** The first of the wanted languages that the portal speaks; English when none. */
export function chooseLanguage(wanted: readonly (string | null)[]): Language {
  for (const tag of wanted) {
    const base = tag?.toLowerCase().split('-')[0];
    const match = LANGUAGES.find((language) => language.tag.toLowerCase().split('-')[0] === base);
    if (match) return match.tag;
  }
  return 'en';
}
