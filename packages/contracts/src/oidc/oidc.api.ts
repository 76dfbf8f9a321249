import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import {
  backChannelLogout,
  claimsOutcome,
  oidcCallbackQuery,
  oidcClaimsTrial,
  oidcLoginQuery,
  oidcOnboarding,
  oidcOnboardingChoice,
  oidcPing,
  oidcSignOut,
  oidcTestLogin,
  oidcTestLoginRequest,
  oidcTestLoginStart,
} from './oidc.schema.ts';

const FORM_OR_JSON = ['application/x-www-form-urlencoded', 'application/json'] as const;

export const startOidcLogin = endpoint({
  id: 'startOidcLogin',
  method: 'GET',
  base: '',
  path: '/c/oidc/login',
  tag: 'session',
  summary: 'Send the browser to an OpenID Connect provider to sign in',
  access: { kind: 'public' },
  query: oidcLoginQuery,
  status: 302,
  raw: true,
  errors: ['NOT_FOUND', 'TOO_MANY_REQUESTS', 'EGRESS_FAILED', 'PRECONDITION'],
});

export const finishOidcLogin = endpoint({
  id: 'finishOidcLogin',
  method: 'GET',
  base: '',
  path: '/c/oidc/callback',
  tag: 'session',
  summary: 'Take the answer of the provider; begins a session, or sends the browser to choose a user name',
  access: { kind: 'public' },
  query: oidcCallbackQuery,
  status: 302,
  raw: true,
  errors: ['TOO_MANY_REQUESTS', 'EGRESS_FAILED', 'DENIED'],
});

export const getOidcOnboarding = endpoint({
  id: 'getOidcOnboarding',
  method: 'GET',
  base: '',
  path: '/c/oidc/onboard',
  tag: 'session',
  summary: 'Show what is known of the person who is about to choose a user name',
  access: { kind: 'public' },
  response: oidcOnboarding,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const onboardOidcUser = endpoint({
  id: 'onboardOidcUser',
  method: 'POST',
  base: '',
  path: '/c/oidc/onboard',
  tag: 'session',
  summary: 'Choose the user name of a new account; begins a session',
  access: { kind: 'public' },
  body: oidcOnboardingChoice,
  consumes: FORM_OR_JSON,
  response: z.object({ location: z.string() }),
  status: 200,
  errors: ['NOT_FOUND', 'CONFLICT', 'TOO_MANY_REQUESTS'],
});

export const signOutOidc = endpoint({
  id: 'signOutOidc',
  method: 'GET',
  base: '',
  path: '/c/oidc/logout',
  tag: 'session',
  summary: 'End the session, and say where to sign out at the provider',
  access: { kind: 'public' },
  response: oidcSignOut,
  status: 200,
  errors: ['CSRF_TOKEN_INVALID'],
});

/** Called by providers: OpenID Connect Back-Channel Logout 1.0. */
export const endOidcSessions = endpoint({
  id: 'endOidcSessions',
  method: 'POST',
  base: '',
  path: '/c/oidc/backchannel-logout',
  tag: 'session',
  summary: 'End the sessions a provider names in a logout token',
  access: { kind: 'public' },
  body: backChannelLogout,
  consumes: ['application/x-www-form-urlencoded'],
  status: 200,
  errors: ['TOO_MANY_REQUESTS', 'EGRESS_FAILED'],
});

export const pingOidc = endpoint({
  id: 'pingOIDC',
  method: 'POST',
  path: '/system/oidc/ping',
  tag: 'oidc',
  summary: 'Tell whether an OpenID Connect provider answers at an address',
  access: { kind: 'system', permission: 'configuration:update' },
  body: oidcPing,
  status: 200,
  errors: ['EGRESS_FAILED'],
});

export const startOidcTestLogin = endpoint({
  id: 'startOidcTestLogin',
  method: 'POST',
  path: '/identity-sources/test-logins',
  tag: 'identity-source',
  summary: 'Begin a sign-in with settings that are not saved; nobody is signed in by it',
  access: { kind: 'system', permission: 'configuration:update' },
  body: oidcTestLoginRequest,
  response: oidcTestLoginStart,
  status: 200,
  errors: ['NOT_FOUND', 'EGRESS_FAILED', 'PRECONDITION'],
});

export const getOidcTestLogin = endpoint({
  id: 'getOidcTestLogin',
  method: 'GET',
  path: '/identity-sources/test-logins/{test_id}',
  tag: 'identity-source',
  summary: "Show what came of one's own test sign-in",
  access: { kind: 'system', permission: 'configuration:update' },
  params: z.strictObject({ test_id: z.uuid() }),
  response: oidcTestLogin,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const tryOidcClaims = endpoint({
  id: 'tryOidcClaims',
  method: 'POST',
  path: '/identity-sources/try-claims',
  tag: 'identity-source',
  summary: 'Show what settings make of claims',
  access: { kind: 'system', permission: 'configuration:update' },
  body: oidcClaimsTrial,
  response: claimsOutcome,
  status: 200,
  errors: [],
});
