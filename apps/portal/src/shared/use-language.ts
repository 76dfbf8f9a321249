import { useTranslation } from 'react-i18next';
import { chooseLanguage, LANGUAGE_KEY, type Language } from './languages.ts';

/** The present language and how to change it; the choice is kept in this browser. */
export function useLanguage(): { language: Language; setLanguage: (language: Language) => Promise<void> } {
  const { i18n } = useTranslation();
  return {
    language: chooseLanguage([i18n.language]),
    setLanguage: async (language) => {
      try {
        localStorage.setItem(LANGUAGE_KEY, language);
      } catch {
        // Without storage the choice lasts as long as the page.
      }
      await i18n.changeLanguage(language);
    },
  };
}
