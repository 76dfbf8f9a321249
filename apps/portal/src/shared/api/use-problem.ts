import type { Problem } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { problemOf, problemText } from './problem.ts';

/** Failures in the reader's language. */
export function useProblem(): { of: (error: unknown) => Problem; text: (error: unknown) => string } {
  const { t } = useTranslation('shared');
  return { of: (error) => problemOf(error, t), text: (error) => problemText(error, t) };
}
