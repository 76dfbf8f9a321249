import { ApiError, ERRORS, type ErrorCode } from '@moorage/contracts';
import type { Problem } from '@moorage/ui';
import type { TFunction } from 'i18next';

/** What went wrong, as a person should read it: the code in the reader's language, below it the server's own sentence where it says more. */
export function problemOf(error: unknown, t: TFunction<'shared'>): Problem {
  if (error instanceof ApiError) {
    const code = codeOf(error);
    return {
      message: t(`error.${code}.title`),
      ...(SPECIFIC.has(code) && error.message !== '' ? { detail: error.message } : {}),
      help: t(`error.${code}.help`),
      requestId: error.requestId,
      diagnostics: diagnosticsOf(error),
    };
  }
  if (error instanceof TypeError) {
    return { message: t('error.offline.title'), help: t('error.offline.help'), diagnostics: diagnosticsOf(error) };
  }
  return { message: t('error.INTERNAL.title'), help: t('error.INTERNAL.help'), diagnostics: diagnosticsOf(error) };
}

/** One or two lines for a place beside a button. */
export function problemText(error: unknown, t: TFunction<'shared'>): string {
  const problem = problemOf(error, t);
  const message = problem.detail === undefined ? problem.message : `${problem.message}\n${problem.detail}`;
  return problem.requestId ? `${message} (${problem.requestId})` : message;
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

/** Not there, or not to be seen by someone who is not signed in: nobody can tell the two apart. */
export function isMissing(error: unknown): boolean {
  return isStatus(error, 404) || isStatus(error, 401);
}

/** Codes whose message names the object or field. It is in English, and says more than any fixed sentence. */
const SPECIFIC: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BAD_REQUEST',
  'CONFLICT',
  'DENIED',
  'EGRESS_FAILED',
  'PRECONDITION',
  'PROJECTPOLICYVIOLATION',
  'UNPROCESSABLE_ENTITY',
  'UNKNOWN_QUERY_KEY',
  'VIOLATE_FOREIGN_KEY_CONSTRAINT',
]);

function codeOf(error: ApiError): ErrorCode {
  return Object.hasOwn(ERRORS, error.code) ? (error.code as ErrorCode) : 'INTERNAL';
}

function diagnosticsOf(error: unknown): string {
  const lines = [
    `time: ${new Date().toISOString()}`,
    `page: ${location.pathname}${location.search}`,
    `browser: ${navigator.userAgent}`,
  ];
  if (error instanceof ApiError) {
    lines.push(`status: ${error.status}`, `code: ${error.code}`, `request: ${error.requestId ?? '-'}`);
  }
  lines.push(`message: ${error instanceof Error ? error.message : String(error)}`);
  return lines.join('\n');
}
