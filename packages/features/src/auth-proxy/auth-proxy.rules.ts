import { AppError, type AuthProxySettings } from '@moorage/contracts';
import { z } from 'zod';
import type { ExternalProof } from '../identity-source/index.ts';

/** What a token review says of a token: who it is, or that it is nobody's. */
export type ReviewedToken =
  | { readonly isAuthenticated: false }
  | {
      readonly isAuthenticated: true;
      readonly username: string;
      readonly uid: string;
      readonly groups: readonly string[];
    };

const TOKEN_REVIEW_VERSION = 'authentication.k8s.io/v1beta1';
const MAX_GROUPS = 2_000;

/** Name prefix with which command lines present a token of the proxy instead of a password. */
export const TOKEN_REVIEW_PREFIX = 'tokenreview$';

const session = z.object({ session_id: z.string().min(1).max(8192) });
const review = z.object({
  status: z.object({
    authenticated: z.boolean().default(false),
    user: z
      .object({
        username: z.string().min(1).max(255),
        uid: z.string().max(240).default(''),
        groups: z.array(z.string()).nullish(),
      })
      .optional(),
  }),
});

/** Whether name and password may be sent to a proxy at all: an empty one is never right, and a colon ends a Basic name. */
export function mayBeSent(name: string, password: string): boolean {
  return name !== '' && name.length <= 255 && !/[:\p{Cc}]/u.test(name) && name.isWellFormed() && password.trim() !== '';
}

/** The session a proxy answers a right password with. Throws UNAVAILABLE for another answer. */
export function readSession(body: Buffer): string {
  return parsed(session, body, 'the session').session_id;
}

/** The body of a token review, as Kubernetes defines it. */
export function reviewRequest(token: string): string {
  return JSON.stringify({ apiVersion: TOKEN_REVIEW_VERSION, kind: 'TokenReview', spec: { token } });
}

/** Reads a token review. Throws UNAVAILABLE for an answer that is none. */
export function readReview(body: Buffer): ReviewedToken {
  const { status } = parsed(review, body, 'the token review');
  if (!status.authenticated || !status.user) return { isAuthenticated: false };
  const { username, uid, groups } = status.user;
  return { isAuthenticated: true, username, uid, groups: (groups ?? []).slice(0, MAX_GROUPS) };
}

/** What the proxy proves about a person. The account hangs on the uid when the review gives one, else on the name. */
export function proofOfReview(
  sourceId: number,
  settings: AuthProxySettings,
  { username, uid, groups }: Extract<ReviewedToken, { isAuthenticated: true }>,
): ExternalProof {
  const adminGroups = listOf(settings.admin_groups);
  const adminNames = listOf(settings.admin_usernames).map((name) => name.toLowerCase());
  return {
    issuer: `auth_proxy:${sourceId}`,
    subject: uid === '' ? `name:${username}` : `uid:${uid}`,
    username,
    email: '',
    realname: '',
    groups: groups.map((name) => ({ name })),
    isAdmin: groups.some((group) => adminGroups.includes(group)) || adminNames.includes(username.toLowerCase()),
  };
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function parsed<T>(schema: z.ZodType<T>, body: Buffer, what: string): T {
  let value: unknown = null;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    // Told below like any other answer that does not fit.
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('UNAVAILABLE', `The authentication proxy answers something else than ${what}.`);
}
