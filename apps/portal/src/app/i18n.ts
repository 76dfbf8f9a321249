import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { chooseLanguage, LANGUAGE_KEY, LANGUAGES } from '../shared/languages.ts';

/** One file per area and language, each its own chunk, fetched when a page of the area is shown. */
const files = import.meta.glob<{ default: object }>([
  './locales/*.json',
  '../shared/locales/*.json',
  '../shared/*/locales/*.json',
  '../features/*/locales/*.json',
]);

const PLACES: Readonly<Record<string, string>> = {
  shell: './locales',
  shared: '../shared/locales',
  ui: '../shared/ui-text/locales',
  permission: '../shared/permission/locales',
  job: '../shared/job/locales',
  marks: '../shared/marks/locales',
  policy: '../shared/policy/locales',
};

const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  // i18next takes a promise from a reader of two parameters, though its types ask for a callback.
  read: (async (language: string, namespace: string) => {
    const load = files[`${PLACES[namespace] ?? `../features/${namespace}/locales`}/${language}.json`];
    if (load === undefined) throw new Error(`There is no text for ${namespace} in ${language}.`);
    return (await load()).default;
  }) as unknown as BackendModule['read'],
};

/** Starts translation in the language of this browser, with the texts every page needs. */
export async function startI18n(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: chooseLanguage([readChoice(), ...navigator.languages]),
      fallbackLng: false,
      supportedLngs: LANGUAGES.map((language) => language.tag),
      load: 'currentOnly',
      ns: ['shell', 'shared', 'ui'],
      defaultNS: 'shared',
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    });
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null;
  }
}
