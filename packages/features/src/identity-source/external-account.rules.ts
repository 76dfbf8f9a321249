import { checkEmail, checkRealname, checkUsername } from '@moorage/contracts';

/** A group as a source names it; `dn` with LDAP only. */
export interface ExternalGroup {
  readonly name: string;
  readonly dn?: string;
}

/** What a source proved about a person who signs in. Values are as the source gave them, within bounds. */
export interface ExternalProof {
  /** Who says so: the issuer of an OpenID Connect provider; for others a text that names the source for good. */
  readonly issuer: string;
  /** The source's own stable id of the person, never a name or address that can change hands. */
  readonly subject: string;
  readonly username: string;
  readonly email: string;
  readonly realname: string;
  /** Groups as the source writes them; null when it said nothing about groups. */
  readonly groups: readonly ExternalGroup[] | null;
  /** Whether a group of the source makes the person a system administrator. */
  readonly isAdmin: boolean;
  /** For asking the source again; null when it gave nothing, undefined to keep what is known. */
  readonly refreshToken?: string | null;
}

/** What an account shows of its owner. */
export interface AccountProfile {
  readonly email: string;
  readonly realname: string;
}

const MAX_SUBJECT = 255;
const MAX_ISSUER = 1024;

/** Why an identity is refused; null when it can be somebody (S30). */
export function refuseIdentity(proof: Pick<ExternalProof, 'issuer' | 'subject'>): string | null {
  if (!isIdentifier(proof.subject, MAX_SUBJECT)) return 'The identity source gave no usable identifier (sub).';
  return isIdentifier(proof.issuer, MAX_ISSUER) ? null : 'The identity source gave no usable issuer.';
}

function isIdentifier(text: string, limit: number): boolean {
  return text.trim() !== '' && text.length <= limit && text.isWellFormed() && !/\p{Cc}/u.test(text);
}

/** The user name an external one becomes: spaces and commas are underscores (OIDC-3, AUTH-9). Null when it cannot be one. */
export function accountName(external: string): string | null {
  const name = external.trim().replace(/[\s,]/gu, '_');
  return name.isWellFormed() && checkUsername(name) === null ? name : null;
}

/** Address and full name as far as they pass the rules of local accounts: directories write "Doe, Jane". */
export function accountProfile(proof: Pick<ExternalProof, 'email' | 'realname'>, username: string): AccountProfile {
  const realname = proof.realname.replaceAll(/[\s,"~#%$]+/gu, ' ').trim();
  return {
    email: checkEmail(proof.email) === null ? proof.email : '',
    realname: realname.isWellFormed() && checkRealname(realname) === null ? realname : username,
  };
}
