import type { FederationCondition, FederationRule, FederationRuleCreation } from '@moorage/contracts';
import { auditEntry } from '../audit/index.ts';
import type { Caller } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { EVERY_PROJECT, type NamedGrant } from '../robot/index.ts';

/** A trust rule as stored. */
export interface RuleRow {
  readonly id: number;
  /** Null: of the whole registry. */
  readonly projectId: number | null;
  readonly name: string;
  readonly description: string;
  readonly isDisabled: boolean;
  readonly issuer: string;
  readonly audience: string;
  readonly conditions: readonly FederationCondition[];
  /** A key set entered by hand, or empty. */
  readonly keys: string;
  readonly caCertificate: string;
  readonly tokenMinutes: number;
  /** Grows with every change of what is trusted; what jobs got under an earlier one ends. */
  readonly trustVersion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastUsedAt: Date | null;
  readonly lastUsedBy: string | null;
  readonly grants: readonly NamedGrant[];
}

/** The fields of a rule somebody enters. */
export type RuleFields = Pick<
  RuleRow,
  | 'name'
  | 'description'
  | 'isDisabled'
  | 'issuer'
  | 'audience'
  | 'conditions'
  | 'keys'
  | 'caCertificate'
  | 'tokenMinutes'
>;

const DEFAULT_MINUTES = 15;

/** The fields of a new rule; absent ones have their default. */
export function fieldsOf(body: FederationRuleCreation, ownAddress: string): RuleFields {
  return {
    name: body.name,
    description: body.description ?? '',
    isDisabled: body.disable ?? false,
    issuer: body.issuer,
    audience: body.audience ?? ownAddress,
    conditions: body.conditions,
    keys: body.keys?.trim() ?? '',
    caCertificate: body.ca_certificate?.trim() ?? '',
    tokenMinutes: body.token_minutes ?? DEFAULT_MINUTES,
  };
}

/** The fields of a rule after a change. */
export function changedFields(current: RuleRow, body: Partial<FederationRuleCreation>): RuleFields {
  return {
    name: body.name ?? current.name,
    description: body.description ?? current.description,
    isDisabled: body.disable ?? current.isDisabled,
    issuer: body.issuer ?? current.issuer,
    audience: body.audience ?? current.audience,
    conditions: body.conditions ?? current.conditions,
    keys: body.keys?.trim() ?? current.keys,
    caCertificate: body.ca_certificate?.trim() ?? current.caCertificate,
    tokenMinutes: body.token_minutes ?? current.tokenMinutes,
  };
}

/** Whether what jobs got by a rule must end with a change. Permissions are read anew anyway. */
export function endsTrust(current: RuleFields, next: RuleFields): boolean {
  const trusted = ({ issuer, audience, conditions, keys, caCertificate, tokenMinutes, isDisabled }: RuleFields) =>
    JSON.stringify([
      issuer,
      audience,
      conditions.map(({ claim, match, values }) => [claim, match, values]),
      keys,
      caCertificate,
      tokenMinutes,
      isDisabled,
    ]);
  return trusted(current) !== trusted(next);
}

/** Whether a change trusts somebody else with the permissions of a rule. Only to disable it trusts nobody. */
export function movesTrust(current: RuleFields, next: RuleFields): boolean {
  return endsTrust(current, { ...next, isDisabled: next.isDisabled && current.isDisabled });
}

/** A rule on the wire. */
export function ruleAnswer(rule: RuleRow): FederationRule {
  return {
    id: rule.id,
    name: rule.name,
    description: rule.description,
    level: rule.projectId === null ? 'system' : 'project',
    disable: rule.isDisabled,
    issuer: rule.issuer,
    audience: rule.audience,
    conditions: rule.conditions.map((condition) => ({ ...condition, values: [...condition.values] })),
    permissions: rule.grants.map((grant) => ({
      kind: grant.kind,
      namespace: namespaceOf(grant),
      access: grant.access.map((permission) => {
        const [resource = '', action = ''] = permission.split(':', 2);
        return { resource, action };
      }),
    })),
    token_minutes: rule.tokenMinutes,
    keys: rule.keys,
    ca_certificate: rule.caCertificate,
    creation_time: rule.createdAt.toISOString(),
    update_time: rule.updatedAt.toISOString(),
    ...(rule.lastUsedAt === null ? {} : { last_used_at: rule.lastUsedAt.toISOString() }),
    ...(rule.lastUsedBy === null ? {} : { last_used_by: rule.lastUsedBy }),
  };
}

/** What audit rows show of a rule. */
export function auditedRule(rule: RuleFields & { readonly grants: readonly NamedGrant[] }): object {
  const { issuer, audience, conditions } = rule;
  return {
    name: rule.name,
    description: rule.description,
    disable: rule.isDisabled,
    issuer,
    audience,
    conditions,
    keys: rule.keys,
    ca_certificate: rule.caCertificate,
    token_minutes: rule.tokenMinutes,
    permissions: rule.grants.map((grant) => ({
      kind: grant.kind,
      namespace: namespaceOf(grant),
      access: grant.access,
    })),
  };
}

/** Tells of a change of a rule. */
export function ruleEvent(
  name: `federation.rule-${'created' | 'updated' | 'deleted'}`,
  caller: Caller,
  rule: { readonly projectId: number | null; readonly name: string },
  change: { readonly operation: string; readonly before?: object; readonly after?: object; readonly status?: number },
): DomainEvent {
  return {
    name,
    projectId: rule.projectId,
    data: { name: rule.name },
    audit: auditEntry(caller, { resourceType: 'federation', resource: rule.name, ...change }),
  };
}

function namespaceOf(grant: NamedGrant): string {
  return grant.kind === 'system' ? '/' : (grant.projectName ?? EVERY_PROJECT);
}
