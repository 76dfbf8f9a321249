import { AppError } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import type { FederatedPrincipal, RequestOrigin } from '../http/index.ts';
import {
  type BasicCredentials,
  type CredentialVerifier,
  type Identity,
  isJwt,
  type Precedence,
  type Proof,
  type Recognition,
} from '../login/index.ts';
import { sha256 } from '../secret/index.ts';
import { ThrottleService } from '../throttle/index.ts';
import { FederationRuleStore } from './federation-rule.store.ts';
import { type ActiveVisit, FederationVisitStore } from './federation-visit.store.ts';
import { type JobToken, readJobToken } from './job-token.rules.ts';
import { JobVerdictService, type RuleVerdict } from './job-verdict.service.ts';
import type { RuleRow } from './rule.rules.ts';
import { anchorsIn } from './trust.rules.ts';
import { jobAccepted, jobRefused } from './visit.rules.ts';

/** Refused tokens from one address. They cannot be guessed; this only keeps the checking cheap. */
const REFUSED_LIMIT = { attempts: 300, windowSeconds: 15 * 60 };
const MAX_USERNAME = 255;
const VERSION = 1;
const LONG_AGO = new Date(0);

/** Tokens of jobs as passwords, with any user name, and as Bearer. Whoever fulfils several rules has the rights of all of them. */
@Injectable()
export class JobTokenVerifier implements CredentialVerifier {
  readonly credential = 'federated';
  readonly precedence: Precedence = 'shape';
  readonly isGuessable = false;
  readonly noPortal = 'The token of a job opens no portal session; sign in as a user.';
  readonly #rules: FederationRuleStore;
  readonly #visits: FederationVisitStore;
  readonly #verdicts: JobVerdictService;
  readonly #throttle: ThrottleService;
  readonly #clock: Clock;

  constructor(
    rules: FederationRuleStore,
    visits: FederationVisitStore,
    verdicts: JobVerdictService,
    throttle: ThrottleService,
    clock: Clock,
  ) {
    this.#rules = rules;
    this.#visits = visits;
    this.#verdicts = verdicts;
    this.#throttle = throttle;
    this.#clock = clock;
  }

  recognises({ secret }: BasicCredentials): Recognition {
    return isJwt(secret) ? 'mine' : 'other';
  }

  /** Never remembered: a token costs one signature, and a change of a rule must show at once. */
  async verify({ secret }: BasicCredentials, origin: RequestOrigin): Promise<Proof | null> {
    const read = readJobToken(secret);
    if ('failed' in read) return this.#refuse(null, read.failed.text, origin);
    const { token } = read;
    const rules = await this.#rules.candidates(token.issuer, anchorsIn(token.claims));
    const verdicts = await this.#verdicts.judge(token, rules);
    const accepted = verdicts.filter((verdict) => verdict.accepted).map(({ rule }) => rule);
    if (accepted.length === 0) return this.#refuse(token, reasonFor(verdicts), origin, verdicts);
    const id = await this.#note(token, secret, accepted, origin);
    const identity = (await this.findActive([id])).get(id);
    return identity ? { identity, until: LONG_AGO } : null;
  }

  /** Jobs that may act now, by the ids of their visits; one statement. */
  async findActive(ids: readonly number[]): Promise<ReadonlyMap<number, Identity>> {
    const visits = await this.#visits.findActive(ids, this.#clock.now());
    return new Map(visits.map((visit) => [visit.id, { principal: principalOf(visit), credentialVersion: VERSION }]));
  }

  #note(token: JobToken, secret: string, rules: readonly RuleRow[], origin: RequestOrigin): Promise<number> {
    const now = this.#clock.now();
    const tokenSeconds = Math.min(...rules.map(({ tokenMinutes }) => tokenMinutes)) * 60;
    const events = jobAccepted(token, rules, usernameOf(token.subject), origin);
    return this.#visits.note(
      {
        tokenHash: sha256(secret),
        issuer: token.issuer,
        subject: token.subject,
        claims: token.claims,
        rules: rules.map(({ id, trustVersion }) => ({ id, version: trustVersion })),
        tokenSeconds,
        address: origin.address,
        now,
        expiresAt: new Date(now.getTime() + tokenSeconds * 1000),
      },
      events,
    );
  }

  async #refuse(
    token: JobToken | null,
    reason: string,
    origin: RequestOrigin,
    verdicts: readonly RuleVerdict<RuleRow>[] = [],
  ): Promise<never> {
    await this.#throttle.use('job-token', origin.address, REFUSED_LIMIT);
    await this.#visits.record(jobRefused(token, reason, origin));
    if (verdicts.some(({ isTemporary }) => isTemporary))
      throw new AppError('UNAVAILABLE', `The token of the job cannot be checked now. ${reason}`);
    throw new AppError('UNAUTHORIZED', `The token of the job is not accepted. ${reason}`);
  }
}

/**
 * What helps whoever holds the token. It tells what is wrong with the token itself; which conditions rules have is told
 * to project admins only, when they try it.
 */
function reasonFor(verdicts: readonly RuleVerdict<RuleRow>[]): string {
  const ownChecks = ['algorithm', 'keys', 'signature', 'lifetime', 'expiry', 'issued-at', 'not-before'];
  const own = verdicts[0]?.checks.find(({ check, passed }) => !passed && ownChecks.includes(check));
  return own?.text ?? 'No trust rule is fulfilled by it; a project admin sees why by trying it under Federation.';
}

function principalOf(visit: ActiveVisit): FederatedPrincipal {
  return {
    kind: 'federated',
    id: visit.id,
    username: usernameOf(visit.subject),
    tokenSeconds: visit.tokenSeconds,
    grants: visit.grants.map(({ kind, project_id: projectId, access }) => ({
      kind,
      projectId,
      permissions: new Set(access),
    })),
  };
}

function usernameOf(subject: string): string {
  return `job$${subject}`.slice(0, MAX_USERNAME);
}
