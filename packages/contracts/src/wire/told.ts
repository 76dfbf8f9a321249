import { z } from 'zod';

/** Sentences of the server in English by their codes; `{name}` stands for a value. Codes stay, sentences may change. */
export type ServerTexts = Readonly<Record<string, string>>;

/** Code and values of a sentence, on the wire beside the sentence; absent where a sentence has no code. */
export const toldFields = {
  /** Names the sentence, so that clients can say it in another language. */
  code: z.string().optional(),
  /** What stands in the places of the sentence. */
  values: z.record(z.string(), z.string()).optional(),
};

/** A sentence with what it is made of. */
export interface Told {
  readonly code: string;
  readonly values: Record<string, string>;
  readonly text: string;
}

/** Fills the places of a sentence; a place without a value is left as it is. */
export function fillText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{([a-z]+)\}/g, (place, name: string) => values[name] ?? place);
}

/** The sentence of a code with its values in it. */
export function tell<T extends ServerTexts>(
  texts: T,
  code: keyof T & string,
  values: Readonly<Record<string, string>> = {},
): Told {
  return { code, values: { ...values }, text: fillText(texts[code] as string, values) };
}
