import type { FederationCondition } from '@moorage/contracts';
import { globMatcher } from '../pattern/index.ts';
import { holdsPrivateKey, readKeySet } from './job-token.rules.ts';

/** What a rule rests on, as it is entered. */
export interface EnteredTrust {
  readonly issuer: string;
  readonly conditions: readonly FederationCondition[];
  readonly keys: string;
  readonly caCertificate: string;
}

/** Issuers that serve everybody, and the claims that tell whose job it is. */
const SHARED_ISSUERS: Readonly<Record<string, { readonly owners: readonly string[]; readonly example: string }>> = {
  'https://token.actions.githubusercontent.com': {
    owners: ['repository', 'repository_owner', 'repository_id', 'repository_owner_id', 'sub'],
    example: 'repository equals acme/app',
  },
  'https://gitlab.com': {
    owners: ['project_path', 'namespace_path', 'project_id', 'namespace_id', 'sub'],
    example: 'project_path equals acme/app',
  },
  'https://accounts.google.com': { owners: ['sub', 'email'], example: 'email equals ci@acme.iam.gserviceaccount.com' },
};

/** Why a rule would trust the wrong ones, or nobody; null when it is sound. Globs that cannot be read throw BAD_REQUEST. */
export function refuseTrust({ issuer, conditions, keys, caCertificate }: EnteredTrust): string | null {
  for (const { match, values } of conditions) if (match === 'glob') values.forEach((value) => globMatcher(value));
  return refuseIssuer(issuer) ?? refuseKeys(keys) ?? refuseCertificate(caCertificate) ?? refuseOpen(issuer, conditions);
}

function refuseIssuer(issuer: string): string | null {
  if (!URL.canParse(issuer)) return 'issuer: must be an address such as https://token.actions.githubusercontent.com.';
  const url = new URL(issuer);
  if (url.search || url.hash || url.username || url.password || /[\s?#]/.test(issuer)) {
    return 'issuer: must be an address without user name, query or fragment.';
  }
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isHere)) return null;
  return 'issuer: must begin with https://, so that nobody between can replace its keys.';
}

function refuseKeys(keys: string): string | null {
  if (keys === '') return null;
  if (holdsPrivateKey(keys)) return 'keys: holds a private key; enter only the public ones.';
  const read = readKeySet(keys);
  if (read === null) return 'keys: must be a JSON Web Key Set, {"keys": […]}, as the issuer publishes it.';
  return read.length > 0
    ? null
    : 'keys: holds no key that can verify signatures (RSA of 2048 bits or more, P-256, P-384, P-521, Ed25519).';
}

function refuseCertificate(pem: string): string | null {
  return pem === '' || /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem)
    ? null
    : 'ca_certificate: must be certificates in PEM form.';
}

/** A rule that any job of a shared issuer fulfils would open the project to everybody who has an account there. */
function refuseOpen(issuer: string, conditions: readonly FederationCondition[]): string | null {
  const telling = conditions.filter(({ match, values }) => values.every((value) => fixedStart(match, value) !== ''));
  if (telling.length === 0) {
    return 'conditions: at least one must name whose jobs are meant, with values that do not begin with a wildcard.';
  }
  const shared = SHARED_ISSUERS[issuer.replace(/\/$/, '')];
  if (!shared) return null;
  const isOwned = telling.some(
    ({ claim, match, values }) =>
      shared.owners.includes(claim) && values.every((value) => namesOwner(claim, fixedStart(match, value), value)),
  );
  return isOwned
    ? null
    : `conditions: everybody can get tokens of ${issuer}; say whose jobs are meant, for example ${shared.example}.`;
}

/** What a value begins with before its first wildcard. */
function fixedStart(match: FederationCondition['match'], value: string): string {
  return match === 'equals' ? value : (/^[^*?[{\\]*/.exec(value)?.[0] ?? '');
}

/** The whole value is fixed, or its beginning holds an owner and the `/` after it, so that no other name can begin alike. */
function namesOwner(claim: string, start: string, value: string): boolean {
  if (start === value) return true;
  if (claim === 'sub') return /^[a-z_]+:[^:]+[/:]/.test(start);
  return start.indexOf('/') > 0;
}
