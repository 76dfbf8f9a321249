import type { Namespace } from 'i18next';
import { useTranslation } from 'react-i18next';

/** A sentence of the server: in English, and where it has a code, what it is made of. */
export interface ServerSentence {
  readonly text: string;
  readonly code?: string | undefined;
  readonly values?: Readonly<Record<string, string>> | undefined;
}

/** A sentence to show, and the language it is in where that is not the page's. */
export interface ToldSentence {
  readonly text: string;
  readonly lang: 'en' | undefined;
}

/** Says sentences of the server in the language of the page, by the texts under `said` of an area; unknown ones stay in English. */
export function useTold(
  area: Extract<Namespace, 'access' | 'federation' | 'identity-source'>,
): (sentence: ServerSentence) => ToldSentence {
  const { t, i18n } = useTranslation(area);
  // The codes are the server's: the types of the texts do not know them.
  const say = t as unknown as (key: string, values: object) => string;
  return ({ text, code, values = {} }) => {
    const key = `said.${code}`;
    if (code === undefined || !i18n.exists(key, { ns: area })) return { text, lang: 'en' };
    const said = say(key, values);
    // What another server said itself stays in its own words.
    return { text: values.said === undefined ? said : `${said} ${values.said}`, lang: undefined };
  };
}
