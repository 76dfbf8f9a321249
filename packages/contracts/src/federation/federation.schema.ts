import { z } from 'zod';
import { robotLevel, robotPermission } from '../robot/robot.schema.ts';
import { sentBackTime, time } from '../wire/fields.ts';
import { toldFields } from '../wire/told.ts';
import { checkRobotName, MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH, named } from '../wire/names.ts';

/** What a job gets lives for at most this long, in minutes. */
export const MAX_FEDERATED_MINUTES = 15;
/** Longest token of a job that is read, in bytes. */
export const MAX_JOB_TOKEN_BYTES = 8 * 1024;

const MAX_KEYS_LENGTH = 65_536;
const MAX_PEM_LENGTH = 65_536;
const MAX_RULES_PERMISSIONS = 100;

const match = z.enum(['equals', 'glob']);

/**
 * One condition on the claims of a token: the claim has one of the values, or matches one of the globs (`*` within a part,
 * `**` across `/`, `?`, `[a-z]`, `{a,b}`). A claim inside another is written with `/`: `kubernetes.io/namespace`. Of a
 * claim with several values one has to fit.
 */
const federationCondition = z
  .strictObject({
    claim: z.string().min(1).max(255),
    match,
    values: z.array(z.string().min(1).max(1024)).min(1).max(50),
  })
  .meta({ id: 'FederationCondition' });
export type FederationCondition = z.infer<typeof federationCondition>;

const issuer = z.string().min(1).max(512);
const audience = z.string().min(1).max(512);
const conditions = z.array(federationCondition).min(1).max(20);
const minutes = z.int().min(1).max(MAX_FEDERATED_MINUTES);
/** A JSON Web Key Set, for issuers this server cannot reach; empty to read it from the issuer. */
const keys = z.string().max(MAX_KEYS_LENGTH);
/** PEM certificates of the authority of the issuer's web server; empty for public ones. */
const certificates = z.string().max(MAX_PEM_LENGTH);

/** Jobs whose token fulfils a rule get its permissions. */
export const federationRule = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string(),
    level: robotLevel,
    disable: z.boolean(),
    /** The `iss` of the tokens, exactly. */
    issuer: z.string(),
    /** What `aud` must hold. */
    audience: z.string(),
    conditions: z.array(z.object({ claim: z.string(), match, values: z.array(z.string()) })),
    permissions: z.array(
      z.object({
        kind: robotLevel,
        namespace: z.string(),
        access: z.array(z.object({ resource: z.string(), action: z.string() })),
      }),
    ),
    token_minutes: z.int(),
    keys: z.string(),
    ca_certificate: z.string(),
    creation_time: time,
    update_time: time,
    last_used_at: time.optional(),
    /** The `sub` of the last token that was accepted. */
    last_used_by: z.string().optional(),
  })
  .meta({ id: 'FederationRule' });
export type FederationRule = z.infer<typeof federationRule>;

export const federationRuleCreation = z
  .strictObject({
    name: named(checkRobotName).max(MAX_NAME_LENGTH),
    description: z.string().max(MAX_DESCRIPTION_LENGTH).optional(),
    disable: z.boolean().optional(),
    issuer,
    /** Absent: the external address of this registry. */
    audience: audience.optional(),
    conditions,
    permissions: z.array(robotPermission).min(1).max(MAX_RULES_PERMISSIONS),
    /** Absent: 15. */
    token_minutes: minutes.optional(),
    keys: keys.optional(),
    ca_certificate: certificates.optional(),
  })
  .meta({ id: 'FederationRuleCreate' });
export type FederationRuleCreation = z.infer<typeof federationRuleCreation>;

/** What changes; absent fields stay. The whole rule may be sent back. */
export const federationRuleUpdate = federationRuleCreation
  .partial()
  .extend({
    id: z.int().optional(),
    level: robotLevel.optional(),
    creation_time: sentBackTime,
    update_time: sentBackTime,
    last_used_at: sentBackTime,
    last_used_by: z.string().max(2048).nullish(),
  })
  .meta({ id: 'FederationRuleUpdate' });

export const federationTry = z
  .strictObject({
    /** The token of a job; it is neither kept nor logged. */
    token: z.string().min(1).max(MAX_JOB_TOKEN_BYTES),
    /** A rule that is not saved yet; absent: the saved ones are tried. */
    rule: federationRuleCreation.optional(),
  })
  .meta({ id: 'FederationTry' });

/** One question asked of a token, and the answer. */
export const federationCheck = z
  .object({
    check: z.enum([
      'form',
      'algorithm',
      'issuer',
      'keys',
      'signature',
      'lifetime',
      'expiry',
      'not-before',
      'issued-at',
      'rule',
      'audience',
      'condition',
    ]),
    passed: z.boolean(),
    /** What was found, and what to do if it did not pass. */
    text: z.string(),
    ...toldFields,
    /** With `condition`: the claim, what it must be, and what it is. */
    claim: z.string().optional(),
    expected: z.array(z.string()).optional(),
    actual: z.array(z.string()).optional(),
  })
  .meta({ id: 'FederationCheck' });
export type FederationCheck = z.infer<typeof federationCheck>;

/** Why a token is or is not accepted. Without any rule that is fulfilled it is not. */
export const federationVerdict = z
  .object({
    accepted: z.boolean(),
    /** What the token says, whether true or not; absent when it cannot be read. */
    header: z.record(z.string(), z.unknown()).optional(),
    claims: z.record(z.string(), z.unknown()).optional(),
    rules: z.array(
      z.object({
        /** Absent for a rule that is not saved. */
        id: z.int().optional(),
        name: z.string(),
        accepted: z.boolean(),
        checks: z.array(federationCheck),
      }),
    ),
    /** Questions about the token itself, when no rule could be asked. */
    checks: z.array(federationCheck),
  })
  .meta({ id: 'FederationVerdict' });
export type FederationVerdict = z.infer<typeof federationVerdict>;
