import { z } from 'zod';
import { queryTexts } from '../wire/fields.ts';

const MAX_SCOPE_LENGTH = 4096;
const short = z.string().max(255);

/** Unknown parameters are dropped, not refused: registry clients add their own. */
export const tokenQuery = z.object({
  /** One of the registry's services; the room refuses any other, and none. */
  service: short.optional(),
  /** `repository:<name>:<actions>`; repeatable, several in one parameter separated by spaces. */
  scope: queryTexts(MAX_SCOPE_LENGTH).optional(),
  account: short.optional(),
  client_id: short.optional(),
  /** `true` asks for a refresh token. */
  offline_token: z.string().max(16).optional(),
});

/** Exchanges the token of a job for a registry token (RFC 8693). */
export const TOKEN_EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';
/** What a job may call its token. */
const SUBJECT_TOKEN_TYPES = [
  'urn:ietf:params:oauth:token-type:jwt',
  'urn:ietf:params:oauth:token-type:id_token',
] as const;

/** The OAuth 2 form. */
export const tokenForm = z.object({
  grant_type: z.enum(['password', 'refresh_token', TOKEN_EXCHANGE_GRANT]),
  service: short.optional(),
  client_id: short.optional(),
  scope: queryTexts(MAX_SCOPE_LENGTH).optional(),
  access_type: z.enum(['online', 'offline']).optional(),
  username: short.optional(),
  /** Long enough for the token of a job. */
  password: z.string().max(8192).optional(),
  refresh_token: z.string().max(4096).optional(),
  /** Token exchange (RFC 8693): the token of a job. */
  subject_token: z.string().max(8192).optional(),
  subject_token_type: z.enum(SUBJECT_TOKEN_TYPES).optional(),
  requested_token_type: z.enum([ACCESS_TOKEN_TYPE]).optional(),
  /** As `service`, in the words of token exchange. */
  audience: short.optional(),
});

export const issuedToken = z
  .object({
    token: z.string(),
    /** The same token under its OAuth 2 name. */
    access_token: z.string(),
    /** Seconds. */
    expires_in: z.int(),
    issued_at: z.string().meta({ format: 'date-time' }),
    refresh_token: z.string().optional(),
    /** With token exchange. */
    issued_token_type: z.string().optional(),
    token_type: z.string().optional(),
    /** With the form: the scope that was granted. */
    scope: z.string().optional(),
  })
  .meta({ id: 'IssuedToken' });
export type IssuedToken = z.infer<typeof issuedToken>;

export const keySet = z
  .object({
    keys: z.array(
      z.object({
        kty: z.string(),
        crv: z.string(),
        x: z.string(),
        y: z.string(),
        kid: z.string(),
        alg: z.string(),
        use: z.string(),
      }),
    ),
  })
  .meta({ id: 'KeySet' });
