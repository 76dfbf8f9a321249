import { z } from 'zod';
import { queryId } from '../wire/fields.ts';
import { toldFields } from '../wire/told.ts';
import {
  changesOf,
  OIDC_FIELDS,
  optionalProviderUrl,
  SOURCE_SECRETS,
} from '../identity-source/source-settings.schema.ts';

/** Why a sign-in through a provider failed, as `/login?sso_error=` tells the portal. The reason itself is in the audit log. */
export const SIGN_IN_FAILURES = {
  expired: 'The sign-in took too long, was begun in another browser, or was used already; begin again.',
  denied: 'The provider did not let you in; ask its administrator.',
  provider: "The provider's answer cannot be trusted; an administrator finds the reason in the audit log.",
  unavailable: 'The provider cannot be reached or is not set up right; try again, or tell an administrator.',
  identity: 'The provider does not say who you are in a usable way; tell an administrator.',
  disabled: 'Your account may not sign in; ask an administrator.',
} as const;
export type SignInFailure = keyof typeof SIGN_IN_FAILURES;

export const oidcLoginQuery = z.strictObject({
  /** The source to sign in through; the first one when absent. */
  source: queryId.optional(),
  /** Path of this server to return to. Others are ignored. */
  redirect_url: z.string().max(2048).optional(),
});

/** What providers send back. They add parameters of their own. */
export const oidcCallbackQuery = z.looseObject({
  state: z.string().max(1024).optional(),
  code: z.string().max(8192).optional(),
  iss: z.string().max(1024).optional(),
  error: z.string().max(1024).optional(),
});

/** Somebody the provider knows and who has no account here yet. */
export const oidcOnboarding = z
  .object({
    source: z.string(),
    /** A free name made from the claims; absent when theirs cannot be used or is taken. */
    suggestion: z.string().optional(),
    username: z.string(),
    email: z.string(),
    realname: z.string(),
    groups: z.array(z.string()),
  })
  .meta({ id: 'OidcOnboarding' });

export const oidcOnboardingChoice = z.strictObject({ username: z.string().min(1).max(255) });

export const oidcSignOut = z
  .object({
    /** Where the browser goes to sign out at the provider too; null when that is all. */
    location: z.string().nullable(),
  })
  .meta({ id: 'OidcSignOut' });

export const backChannelLogout = z.strictObject({ logout_token: z.string().min(1).max(16_384) });

export const oidcPing = z
  .strictObject({
    url: optionalProviderUrl.refine((url) => url !== '', {
      error: 'must be the address of a provider',
      params: { errorCode: 'BAD_REQUEST' },
    }),
    verify_cert: z.boolean().optional(),
  })
  .meta({ id: 'OidcPing' });

const draft = {
  source_id: queryId.optional(),
  oidc: z.strictObject(changesOf({ ...OIDC_FIELDS, ...SOURCE_SECRETS.oidc })),
};

export const oidcTestLoginRequest = z.strictObject(draft).meta({ id: 'OidcTestLoginRequest' });

/** What the settings make of a person's claims. */
export const claimsOutcome = z
  .object({
    /** The name of a new account; null when none can be made of the claims, and the person chooses one. */
    username: z.string().nullable(),
    email: z.string(),
    realname: z.string(),
    /** Groups after the filter. */
    groups: z.array(z.string()),
    is_admin: z.boolean(),
    /** What is amiss, and what to do about it. */
    problems: z.array(z.string()),
  })
  .meta({ id: 'OidcClaimsOutcome' });

export const oidcTestLoginStart = z
  .object({
    id: z.string(),
    /** Where the browser goes; only the browser that asked can finish. */
    url: z.string(),
  })
  .meta({ id: 'OidcTestLoginStart' });

export const oidcTestLogin = z
  .object({
    state: z.enum(['waiting', 'passed', 'failed', 'expired']),
    message: z.string(),
    ...toldFields,
    /** What the provider said: claims of the ID token and of userinfo. */
    claims: z.record(z.string(), z.unknown()).optional(),
    outcome: claimsOutcome.optional(),
    /** Whether the provider gave what is needed to keep groups up to date. */
    refreshable: z.boolean().optional(),
  })
  .meta({ id: 'OidcTestLogin' });
export type OidcTestLogin = z.infer<typeof oidcTestLogin>;

export const oidcClaimsTrial = z
  .strictObject({
    oidc: z.strictObject(changesOf({ ...OIDC_FIELDS, ...SOURCE_SECRETS.oidc })),
    claims: z.record(z.string().max(255), z.unknown()),
  })
  .meta({ id: 'OidcClaimsTrial' });
