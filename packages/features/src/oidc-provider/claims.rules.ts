import type { OidcSettings } from '@moorage/contracts';
import { accountName, type ExternalProof } from '../identity-source/index.ts';
import type { Matcher } from '../pattern/index.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** The settings that say what claims mean. */
export type ClaimSettings = Pick<OidcSettings, 'user_claim' | 'groups_claim' | 'admin_group'>;

/** What the settings make of a person's claims. */
export interface ReadClaims {
  readonly username: string;
  readonly email: string;
  readonly realname: string;
  /** Groups after the filter. */
  readonly groups: readonly string[];
  readonly isAdmin: boolean;
  /** What is amiss, for administrators who try settings. */
  readonly problems: readonly string[];
}

const MAX_TEXT = 255;
const DEFAULT_NAME_CLAIMS = ['preferred_username', 'name'];

/**
 * Reads claims; those of userinfo win over those of the ID token (OIDC-3, OIDC-4). Values of another type than expected
 * count as absent (S30). The admin group is compared exactly, before the filter.
 */
export function readClaims(
  settings: ClaimSettings,
  filter: Matcher | null,
  idToken: Claims,
  userInfo: Claims | null,
): ReadClaims {
  const claims: Claims = { ...idToken, ...userInfo };
  const problems: string[] = [];
  const username = usernameOf(settings, claims, problems);
  const all = groupsOf(settings, claims, problems);
  const groups = filter ? all.filter(filter) : all;
  if (filter && all.length > 0 && groups.length === 0) problems.push('The group filter leaves none of the groups.');
  return {
    username,
    // An address the provider itself calls unverified is nobody's.
    email: claims.email_verified === false ? '' : textOf(claims.email),
    realname: textOf(claims.name) || [textOf(claims.given_name), textOf(claims.family_name)].join(' ').trim(),
    groups,
    isAdmin: settings.admin_group !== '' && all.includes(settings.admin_group),
    problems,
  };
}

/** What a provider proved, in the form every source has. */
export function proofOf(
  identity: { readonly issuer: string; readonly subject: string },
  claims: ReadClaims,
  refreshToken: string | null | undefined,
): ExternalProof {
  const { username, email, realname, isAdmin } = claims;
  return {
    ...identity,
    username,
    email,
    realname,
    isAdmin,
    groups: claims.groups.map((name) => ({ name })),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}

function usernameOf(settings: ClaimSettings, claims: Claims, problems: string[]): string {
  const names = settings.user_claim === '' ? DEFAULT_NAME_CLAIMS : [settings.user_claim];
  const found = names.map((name) => textOf(own(claims, name))).find((text) => text !== '') ?? '';
  if (found === '')
    problems.push(`The claim ${names.join(' or ')} is missing or not a text: people choose a user name.`);
  else if (accountName(found) === null)
    problems.push(`"${found}" cannot be a user name: people choose one. It must not have , " ~ # % $.`);
  return found;
}

function groupsOf(settings: ClaimSettings, claims: Claims, problems: string[]): readonly string[] {
  if (settings.groups_claim === '') {
    if (settings.admin_group !== '') problems.push('An admin group needs a groups claim.');
    return [];
  }
  const value = own(claims, settings.groups_claim);
  if (value === undefined) {
    const distributed = (claims._claim_names as Claims | undefined)?.[settings.groups_claim] !== undefined;
    problems.push(
      distributed
        ? `The provider has too many groups for the claim ${settings.groups_claim}; let it send only those assigned to the application.`
        : `The claim ${settings.groups_claim} is missing: check its name, the scope, and what the provider sends.`,
    );
    return [];
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const groups = list.filter((item): item is string => typeof item === 'string' && isShort(item) && item.trim() !== '');
  if (groups.length < list.length) problems.push(`The claim ${settings.groups_claim} holds values that are no names.`);
  return [...new Set(groups)];
}

/** A claim by name; names come from settings and must not reach what objects inherit (S101). */
function own(claims: Claims, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' && isShort(value) ? value.trim() : '';
}

function isShort(text: string): boolean {
  return text.length <= MAX_TEXT && text.isWellFormed() && !/\p{Cc}/u.test(text);
}
