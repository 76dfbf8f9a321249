import type { FederationCheck, FederationVerdict } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { federationCheck } from './federation-check.rules.ts';
import { IssuerKeys, type KeyAnswer, type KeySource } from './issuer-keys.ts';
import { checkAlgorithm, checkSignature, checkTimes, type JobToken } from './job-token.rules.ts';
import { checkTrust, type Trust } from './trust.rules.ts';

/** A rule as far as tokens are judged by it. */
export interface JudgingRule extends Trust, KeySource {
  /** Absent for a rule that is not saved. */
  readonly id?: number;
  readonly name: string;
  readonly isDisabled: boolean;
}

/** What one rule says of a token. */
export interface RuleVerdict<R extends JudgingRule> {
  readonly rule: R;
  readonly accepted: boolean;
  readonly checks: readonly FederationCheck[];
  /** The keys could not be read now; trying again may help. */
  readonly isTemporary: boolean;
}

/** Asks rules about tokens. Every rule answers all its questions, so that whoever reads them sees all that is wrong. */
@Injectable()
export class JobVerdictService {
  readonly #keys: IssuerKeys;
  readonly #clock: Clock;

  constructor(keys: IssuerKeys, clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  judge<R extends JudgingRule>(token: JobToken, rules: readonly R[]): Promise<RuleVerdict<R>[]> {
    return Promise.all(rules.map((rule) => this.#judge(token, rule)));
  }

  async #judge<R extends JudgingRule>(token: JobToken, rule: R): Promise<RuleVerdict<R>> {
    const enabled = checkEnabled(rule);
    const issuer = checkIssuer(token, rule);
    // Nobody is asked for keys because of a token that cannot be accepted anyway.
    if (!issuer.passed) return verdict(rule, [...enabled, issuer]);
    const algorithm = checkAlgorithm(token);
    const before = [...enabled, issuer, algorithm];
    const after = [...checkTimes(token, this.#clock.now()), ...checkTrust(rule, token.claims)];
    if (!algorithm.passed) return verdict(rule, [...before, ...after]);
    const answer = await this.#keys.find(token, rule);
    const isTemporary = 'problem' in answer && answer.isTemporary;
    return verdict(rule, [...before, ...keyChecks(token, answer), ...after], isTemporary);
  }
}

/** Verdicts on the wire. */
export function verdictAnswer(token: JobToken, verdicts: readonly RuleVerdict<JudgingRule>[]): FederationVerdict {
  return {
    accepted: verdicts.some(({ accepted }) => accepted),
    header: { ...token.header },
    claims: { ...token.claims },
    checks: verdicts.length > 0 ? [] : [federationCheck('rule', false, 'rule-none')],
    rules: verdicts.map(({ rule, accepted, checks }) => ({
      ...(rule.id === undefined ? {} : { id: rule.id }),
      name: rule.name,
      accepted,
      checks: [...checks],
    })),
  };
}

function verdict<R extends JudgingRule>(
  rule: R,
  checks: readonly FederationCheck[],
  isTemporary = false,
): RuleVerdict<R> {
  return { rule, checks, accepted: checks.every(({ passed }) => passed), isTemporary };
}

function checkEnabled({ isDisabled }: JudgingRule): FederationCheck[] {
  return isDisabled ? [federationCheck('rule', false, 'rule-disabled')] : [];
}

function checkIssuer(token: JobToken, { issuer }: JudgingRule): FederationCheck {
  const passed = token.issuer === issuer;
  const actual = token.issuer.slice(0, 255);
  const found = passed
    ? federationCheck('issuer', true, 'issuer-trusted', { issuer })
    : federationCheck('issuer', false, 'issuer-other', { issuer: actual, trusted: issuer });
  return { ...found, claim: 'iss', expected: [issuer], actual: [actual] };
}

function keyChecks(token: JobToken, answer: KeyAnswer): FederationCheck[] {
  if ('problem' in answer) return [{ check: 'keys', passed: false, ...answer.problem }];
  return [federationCheck('keys', true, 'key-found'), checkSignature(token, answer.key)];
}
