import { z } from 'zod';
import { time } from '../wire/fields.ts';

const MAX_CLIENT_TEXT = 16 * 1024;
const clientText = z.string().max(MAX_CLIENT_TEXT);

/** The user's password, asked for again before credentials change. */
const password = z.string().min(1).max(1024);

export const secondFactor = z
  .object({
    id: z.int(),
    kind: z.enum(['totp', 'passkey']),
    name: z.string(),
    creation_time: time,
    last_used_at: time.optional(),
  })
  .meta({ id: 'SecondFactor' });

export const secondFactors = z
  .object({
    /** Whether the settings ask this user for a second factor. */
    required: z.boolean(),
    /** Whether the account has a password here; others prove themselves to their identity provider. */
    available: z.boolean(),
    factors: z.array(secondFactor),
    recovery_codes_left: z.int(),
  })
  .meta({ id: 'SecondFactors' });
export type SecondFactors = z.infer<typeof secondFactors>;

export const passwordProof = z.strictObject({ password }).meta({ id: 'PasswordProof' });

/** What an authenticator app is given: the secret in base32, and the same as an otpauth address for a QR code. */
export const totpOffer = z.object({ secret: z.string(), uri: z.string() }).meta({ id: 'TotpOffer' });

const code = z.string().regex(/^[0-9]{6}$/, { error: 'must be the six digits the app shows' });

export const totpConfirmation = z.strictObject({ code }).meta({ id: 'TotpConfirmation' });

/** Codes are made with the first factor, shown once, and each works once; empty when there are some already. */
export const recoveryCodes = z.object({ recovery_codes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' });

/** What `navigator.credentials` takes, as JSON (WebAuthn level 3), and what to send back with its answer. */
export const passkeyOffer = z
  .object({ transaction: z.string(), options: z.record(z.string(), z.unknown()) })
  .meta({ id: 'PasskeyOffer' });

/** Answer of `navigator.credentials.create`, as `toJSON` writes it. */
const passkeyAttestation = z.object({
  id: clientText,
  rawId: clientText,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: clientText,
    attestationObject: clientText,
    transports: z.array(z.string().max(32)).max(16).optional(),
  }),
  clientExtensionResults: z.record(z.string(), z.unknown()).optional(),
  authenticatorAttachment: z.string().max(64).nullish(),
});

/** Answer of `navigator.credentials.get`, as `toJSON` writes it. */
const passkeyAssertion = z.object({
  id: clientText,
  rawId: clientText,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: clientText,
    authenticatorData: clientText,
    signature: clientText,
    userHandle: clientText.nullish(),
  }),
  clientExtensionResults: z.record(z.string(), z.unknown()).optional(),
  authenticatorAttachment: z.string().max(64).nullish(),
});
export type PasskeyAttestation = z.infer<typeof passkeyAttestation>;
export type PasskeyAssertion = z.infer<typeof passkeyAssertion>;

export const passkeyCreation = z
  .strictObject({
    transaction: z.string().min(1).max(64),
    name: z.string().trim().min(1).max(64),
    response: passkeyAttestation,
  })
  .meta({ id: 'PasskeyCreate' });

/** What the sign-in that has proven its password may go on with. */
export const pendingLogin = z
  .object({ methods: z.array(z.enum(['totp', 'passkey', 'recovery_code'])) })
  .meta({ id: 'PendingLogin' });

export const passkeyRequest = z.object({ options: z.record(z.string(), z.unknown()) }).meta({ id: 'PasskeyRequest' });

/** Exactly one of these proves the second factor. */
export const secondFactorProof = z
  .strictObject({
    code: code.optional(),
    recovery_code: z.string().min(1).max(32).optional(),
    passkey: passkeyAssertion.optional(),
  })
  .refine((proof) => Object.values(proof).filter((value) => value !== undefined).length === 1, {
    error: 'give exactly one of code, recovery_code and passkey',
  })
  .meta({ id: 'SecondFactorProof' });
