import { z } from 'zod';

/** Why a name or text is refused, as a sentence for the person who typed it; null when it is accepted. */
export type NameCheck = (value: string) => string | null;

/** Longest name of a project, user or robot, in characters. */
export const MAX_NAME_LENGTH = 255;
/** Bytes (UTF-8) above which a password is refused. It is never cut (S6). */
export const MAX_PASSWORD_BYTES = 1024;
export const MIN_PASSWORD_LENGTH = 8;
/** Characters (Unicode code points) of the longest password (AUTH-7). */
export const MAX_PASSWORD_LENGTH = 128;
/** Longest comment of a user account (AUTH-9). */
export const MAX_COMMENT_LENGTH = 30;
/** Longest description of a robot. */
export const MAX_DESCRIPTION_LENGTH = 1024;
/** Longest Markdown description of a repository. */
export const MAX_REPOSITORY_DESCRIPTION_LENGTH = 65_536;

/** Lower-case words joined by single dots, underscores or hyphens: projects (PRJ-1) and robots (ROB-4). */
const JOINED_WORDS = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const USER_FORBIDDEN = /[,"~#%$]/;
const CONTROL = /\p{Cc}/u;
const UPPER = /\p{Lu}/u;
const LOWER = /\p{Ll}/u;
const DIGIT = /[0-9]/;
const REPOSITORY_NAME = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*$/;
const TAG_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const EMAIL_LOCAL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;
const EMAIL_DOMAIN = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

/** Rule of project names (PRJ-1): 1 to 255 characters, lower-case words joined by single `.`, `_` or `-`. */
export function checkProjectName(value: string): string | null {
  return checkJoinedWords('The project name', value);
}

/** Rule of the part of a robot's name its creator chooses (ROB-4); prefix and project are added by the server. */
export function checkRobotName(value: string): string | null {
  return checkJoinedWords('The robot name', value);
}

/** Rule of user names (AUTH-9): 1 to 255 characters, none of `,"~#%$` and no control characters. */
export function checkUsername(value: string): string | null {
  if (value.trim() !== value) return 'The user name must not begin or end with a space.';
  return checkPersonText('The user name', value);
}

/** Rule of full names (AUTH-9). */
export function checkRealname(value: string): string | null {
  return checkPersonText('The full name', value);
}

/** Rule of e-mail addresses: one `@`, a plain local part, a host name; at most 255 characters. */
export function checkEmail(value: string): string | null {
  const at = value.lastIndexOf('@');
  const wellFormed =
    value.length <= MAX_NAME_LENGTH && EMAIL_LOCAL.test(value.slice(0, at)) && EMAIL_DOMAIN.test(value.slice(at + 1));
  return at > 0 && wellFormed ? null : 'The e-mail address must look like name@example.com.';
}

/** Rule of user comments: at most 30 characters (AUTH-9). */
export function checkComment(value: string): string | null {
  if (CONTROL.test(value)) return 'The comment must not have control characters.';
  return value.length <= MAX_COMMENT_LENGTH
    ? null
    : `The comment must have at most ${MAX_COMMENT_LENGTH} characters; it has ${value.length}.`;
}

/** Rule of passwords and robot secrets (AUTH-7). Length counts Unicode characters; nothing is trimmed, folded or cut. */
export function checkPassword(value: string): string | null {
  if (value.length > MAX_PASSWORD_BYTES || new TextEncoder().encode(value).length > MAX_PASSWORD_BYTES)
    return `The password must have at most ${MAX_PASSWORD_BYTES} bytes.`;
  const length = [...value].length;
  if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH)
    return `The password must have ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters; it has ${length}.`;
  if (!UPPER.test(value)) return 'The password must have at least one upper-case letter.';
  if (!LOWER.test(value)) return 'The password must have at least one lower-case letter.';
  return DIGIT.test(value) ? null : 'The password must have at least one digit.';
}

/** Rule of repository names inside a project: OCI name components joined by `/`, at most 255 characters. */
export function checkRepositoryName(value: string): string | null {
  return value.length <= MAX_NAME_LENGTH && REPOSITORY_NAME.test(value)
    ? null
    : `The repository name must have 1 to ${MAX_NAME_LENGTH} characters: lower-case letters and digits, joined by single ., _, -, __ or /.`;
}

/** Rule of tags: OCI's, 1 to 128 characters. */
export function checkTagName(value: string): string | null {
  return value.length <= 128 && TAG_NAME.test(value)
    ? null
    : 'The tag must have 1 to 128 characters: letters, digits, _, . and -, not beginning with . or -.';
}

/** A digest this product stores: lower-case sha256 or sha512. */
export function isDigest(value: string): boolean {
  return value.length <= 135 && DIGEST.test(value);
}

/**
 * Text under a name rule. Breaking it is answered with 400 as in Harbor, unlike breaking a bound of the schema (422):
 * the issue carries `params.errorCode`, read by `errorCodeOfIssues`.
 */
export function named(check: NameCheck): z.ZodString {
  return z.string().superRefine((value, context) => {
    const message = check(value);
    if (message !== null) context.addIssue({ code: 'custom', message, params: { errorCode: 'BAD_REQUEST' } });
  });
}

/** The error code of a failed validation: BAD_REQUEST when only name rules are broken, else UNPROCESSABLE_ENTITY. */
export function errorCodeOfIssues(issues: readonly z.core.$ZodIssue[]): 'BAD_REQUEST' | 'UNPROCESSABLE_ENTITY' {
  const onlyNameRules = issues.every((issue) => issue.code === 'custom' && issue.params?.errorCode === 'BAD_REQUEST');
  return onlyNameRules ? 'BAD_REQUEST' : 'UNPROCESSABLE_ENTITY';
}

function checkJoinedWords(what: string, value: string): string | null {
  return value.length <= MAX_NAME_LENGTH && JOINED_WORDS.test(value)
    ? null
    : `${what} must have 1 to ${MAX_NAME_LENGTH} characters: lower-case letters and digits, joined by single dots, underscores or hyphens.`;
}

function checkPersonText(what: string, value: string): string | null {
  if (value.length < 1 || value.length > MAX_NAME_LENGTH)
    return `${what} must have 1 to ${MAX_NAME_LENGTH} characters.`;
  return USER_FORBIDDEN.test(value) || CONTROL.test(value)
    ? `${what} must not have any of , " ~ # % $ and no control characters.`
    : null;
}
