/** Why another server could not be reached, and what to do; by code. */
export const EGRESS_TEXTS = {
  unreachable:
    '{where} cannot be reached, or may not be: check the address; an administrator can allow it in the settings of outgoing connections.',
  timeout: '{where} took too long to answer.',
  'bad-answer': '{where} does not answer as a web server does.',
  'certificate-expired':
    '{where} has no certificate this server trusts for it (it has expired; renew it, or check the clock of this server).',
  'certificate-not-yet-valid':
    '{where} has no certificate this server trusts for it (it is not valid yet; check the clock of both servers).',
  'certificate-other-name': '{where} has no certificate this server trusts for it (it is for another host name).',
  'certificate-self-signed':
    '{where} has no certificate this server trusts for it (it is signed by itself; enter it as the certificate authority of this address).',
  'certificate-unknown-authority':
    '{where} has no certificate this server trusts for it (its authority is not known here; enter the certificate authority of this address).',
  'certificate-handshake':
    '{where} has no certificate this server trusts for it (the TLS handshake failed: it needs TLS 1.2 or later and a sound certificate).',
} as const;

/** Why a provider refuses, or its answer is refused; by code. */
export const PROVIDER_TEXTS = {
  'provider-invalid-client':
    'The provider does not accept the client secret (or the client id): enter the secret anew.',
  'provider-unauthorized-client':
    'The provider does not let this client use the authorization code flow: allow it there.',
  'provider-invalid-grant':
    'The provider refuses the code: it was used or has expired, or the redirect address differs from the one it knows.',
  'provider-invalid-scope': 'The provider does not know one of the scopes: correct them.',
  'provider-invalid-request': 'The provider refuses the request; often the redirect address is not registered there.',
  'provider-answers': 'The provider answers {answer}.',
  'provider-clock':
    'A time in the ID token is not acceptable: the clocks of this server and the provider differ. Set both by NTP.',
  'provider-unexpected-claim': 'The ID token has an unexpected {claim}.',
  'provider-not-standard': "The provider's answer is not what the standard says: {problem}.",
} as const;

/** What trying an identity source found, and what to do about it; by code. */
export const SOURCE_CHECK_TEXTS = {
  ...EGRESS_TEXTS,
  ...PROVIDER_TEXTS,
  'filter-unreadable': 'filter: {filter} is no LDAP filter; write it as (objectClass=person).',
  'attribute-unreadable': 'uid: name one attribute, for example uid or sAMAccountName.',
  'directory-not-encrypting': 'The directory at {where} does not encrypt the connection (StartTLS): {answer}',
  'directory-answers': 'The directory at {where} answers: {answer}',
  'connection-plain': 'Connected, but passwords travel in the clear: use ldaps:// or StartTLS.',
  'connection-checked': 'Connected and encrypted; the certificate is good.',
  'connection-unchecked':
    'Connected and encrypted, but the certificate is not checked: anybody on the way can read along.',
  'search-account-none': 'None is set: searches are anonymous.',
  'search-account-bound': 'Signed in as {dn}.',
  'search-account-refused': 'The directory refuses {dn}: check the DN and its password. It says: {answer}',
  'users-none': 'Nobody found below {base} with {attribute}: check base_dn, filter, scope and uid.',
  'users-found': 'Found {count}, for example {example}.',
  'users-found-more': 'Found {count} or more, for example {example}.',
  'identifier-stable': 'Entries have an identifier that stays when they are renamed.',
  'identifier-missing':
    'The search account sees none of {attributes}: accounts hang on the DN, and are lost when an entry is moved.',
  'groups-unread': 'Groups are not read: set group_base_dn to use them.',
  'groups-none': 'No group found: check group_base_dn, group_search_filter and group_search_scope.',
  'groups-found': 'Found {count}, for example {example}.',
  'groups-found-more': 'Found {count} or more, for example {example}.',
  'endpoint-sound': 'It answers, and refuses what is nobody’s.',
  'endpoint-takes-nobody': 'It lets in a user nobody has: check the endpoint.',
  'endpoint-status': 'It answers {status} to a user nobody has, and should answer 401.',
  'review-takes-nobody': 'It accepts a token nobody has: check the endpoint.',
  'proxy-status': 'The authentication proxy at {where} answers {status}.',
  'group-filter-usable': 'The group filter can be used.',
  'discovery-sound': '{endpoint} describes itself and is the issuer it says.',
  'keys-unnamed': 'The provider names no keys (jwks_uri): tokens cannot be checked.',
  'keys-none': 'The provider publishes no keys.',
  'keys-found': 'The keys of the provider can be fetched.',
  'clock-unknown': 'The provider does not tell its time.',
  'clock-differs': 'The clocks of this server and the provider differ by {seconds} seconds: set both by NTP.',
  'clock-agrees': 'The clocks agree.',
  'client-accepted': 'The provider accepts the client id and secret.',
  'client-flow-refused': 'The provider does not let this client use the authorization code flow: allow it there.',
  'client-refused': 'The provider does not accept the client id or secret: enter the secret anew.',
  'client-unclear': 'The provider answers {answer}; try a sign-in.',
  'redirect-known': 'The provider sends people back to {address}.',
  'redirect-unregistered': 'Register {address} as a redirect address at the provider.',
  'redirect-refused': 'The provider refuses the request ({status}): check the client id there.',
  'redirect-own-page': 'The provider shows a page of its own; make sure that {address} is registered there.',
  'scope-unknown': 'The provider does not list the scope {scopes}.',
  'scope-known': 'The provider knows the scopes.',
  'scope-without-refresh':
    'Without offline_access most providers give no refresh token: groups are then only as fresh as the last sign-in, and an hour after it CLI secrets and personal tokens are refused until the next one.',
} as const;
