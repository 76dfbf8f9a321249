import { SOURCE_CHECK_TEXTS, type SourceCheck, tell, type Told } from '@moorage/contracts';

/** One thing that was tried at a source, in the sentence of a code. */
export function sourceCheck(
  name: string,
  result: SourceCheck['result'],
  code: keyof typeof SOURCE_CHECK_TEXTS,
  values: Readonly<Record<string, string>> = {},
): SourceCheck {
  return toldCheck(name, result, tell(SOURCE_CHECK_TEXTS, code, values));
}

/** A check that failed for a reason somebody else found; `told` is absent for one without a code. */
export function failedCheck(name: string, message: string, told: Told | undefined): SourceCheck {
  return told ? toldCheck(name, 'failed', told) : { name, result: 'failed', message };
}

function toldCheck(name: string, result: SourceCheck['result'], { code, values, text }: Told): SourceCheck {
  return { name, result, message: text, code, values };
}
