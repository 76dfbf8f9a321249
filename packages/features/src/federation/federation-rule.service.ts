import {
  AppError,
  type BodyOf,
  type FederationRule,
  type FederationRuleCreation,
  type FederationVerdict,
  type tryFederationToken,
  type updateFederationRule,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { type Caller, ExternalAddress, type ListRequest, Page, type ProjectRef } from '../http/index.ts';
import { type AskedGrant, namedGrant, readGrants, RobotRightService } from '../robot/index.ts';
import { FederationRuleStore } from './federation-rule.store.ts';
import { JobVerdictService, verdictAnswer } from './job-verdict.service.ts';
import { readJobToken } from './job-token.rules.ts';
import {
  auditedRule,
  changedFields,
  endsTrust,
  fieldsOf,
  movesTrust,
  ruleAnswer,
  ruleEvent,
  type RuleFields,
  type RuleRow,
} from './rule.rules.ts';
import { refuseTrust } from './trust-limits.rules.ts';

/** What would outlast the job, so a job that needs no stored secret must not be able to do it. */
const LASTING = [
  'robot:create',
  'robot:update',
  'user:create',
  'user:update',
  'ldap-user:create',
  'user-group:create',
  'user-group:update',
  'member:create',
  'member:update',
  'project:create',
];

/** Trust rules: of a project, or of the whole registry with project null. The guard has asked for the right to see and change them. */
@Injectable()
export class FederationRuleService {
  readonly #store: FederationRuleStore;
  readonly #rights: RobotRightService;
  readonly #verdicts: JobVerdictService;
  readonly #address: ExternalAddress;

  constructor(
    store: FederationRuleStore,
    rights: RobotRightService,
    verdicts: JobVerdictService,
    address: ExternalAddress,
  ) {
    this.#store = store;
    this.#rights = rights;
    this.#verdicts = verdicts;
    this.#address = address;
  }

  async list(project: ProjectRef | null, request: ListRequest): Promise<Page<FederationRule>> {
    const { rows, total } = await this.#store.list(project?.id ?? null, request);
    return new Page(rows.map(ruleAnswer), total);
  }

  /** Throws NOT_FOUND. */
  async get(project: ProjectRef | null, id: number): Promise<FederationRule> {
    const rule = await this.#store.find(project?.id ?? null, id);
    if (!rule) throw missing(id);
    return ruleAnswer(rule);
  }

  /** Makes a rule. Nobody gives jobs more than he may do himself (S49). Throws BAD_REQUEST, FORBIDDEN, CONFLICT, DENIED. */
  async create(caller: Caller, project: ProjectRef | null, body: FederationRuleCreation): Promise<FederationRule> {
    const fields = sound(fieldsOf(body, this.#address.url));
    const asked = readAsked(project, body.permissions);
    const grants = await this.#rights.delegate(caller.principal, asked);
    const event = ruleEvent(
      'federation.rule-created',
      caller,
      { projectId: project?.id ?? null, name: fields.name },
      { operation: 'create', status: 201, after: auditedRule({ ...fields, grants: asked.map(namedGrant) }) },
    );
    return this.get(project, await this.#store.create(project?.id ?? null, fields, grants, event));
  }

  /**
   * Changes a rule; absent fields stay. Who trusts other jobs with permissions that stay must be able to give those (S49).
   * Throws NOT_FOUND, BAD_REQUEST, FORBIDDEN, CONFLICT.
   */
  async update(
    caller: Caller,
    project: ProjectRef | null,
    id: number,
    body: BodyOf<typeof updateFederationRule>,
  ): Promise<void> {
    if (body.id !== undefined && body.id !== id) throw new AppError('BAD_REQUEST', 'id: is not the one in the path.');
    const asked = body.permissions && readAsked(project, body.permissions);
    const changed = await this.#store.find(project?.id ?? null, id);
    if (!changed) throw missing(id);
    sound(changedFields(changed, body));
    const moves = (current: RuleRow) => !asked && movesTrust(current, changedFields(current, body));
    const held = moves(changed) ? changed.grants : [];
    await this.#rights.requireHeld(caller.principal, held);
    const grants = asked && (await this.#rights.delegate(caller.principal, asked));
    const found = await this.#store.change(project?.id ?? null, id, (current) => {
      if (moves(current) && JSON.stringify(current.grants) !== JSON.stringify(held)) throw meanwhile();
      const fields = sound(changedFields(current, body));
      const after = { ...fields, grants: asked?.map(namedGrant) ?? current.grants };
      const event = ruleEvent('federation.rule-updated', caller, current, {
        operation: 'update',
        before: auditedRule(current),
        after: auditedRule(after),
      });
      return { fields, grants, endsTrust: endsTrust(current, fields), event };
    });
    if (!found) throw missing(id);
  }

  /** Throws NOT_FOUND. */
  async delete(caller: Caller, project: ProjectRef | null, id: number): Promise<void> {
    const rule = await this.#store.find(project?.id ?? null, id);
    if (!rule) throw missing(id);
    const change = { operation: 'delete', before: auditedRule(rule) };
    const event = ruleEvent('federation.rule-deleted', caller, rule, change);
    if (!(await this.#store.delete(project?.id ?? null, id, event))) throw missing(id);
  }

  /** Explains what the saved rules, or one that is not saved, say of a token. Throws BAD_REQUEST for an unsound rule. */
  async try(project: ProjectRef | null, body: BodyOf<typeof tryFederationToken>): Promise<FederationVerdict> {
    const rules = body.rule
      ? [sound(fieldsOf(body.rule, this.#address.url))]
      : await this.#store.all(project?.id ?? null);
    const read = readJobToken(body.token.trim());
    if ('failed' in read) return { accepted: false, checks: [read.failed], rules: [] };
    return verdictAnswer(read.token, await this.#verdicts.judge(read.token, rules));
  }
}

function readAsked(project: ProjectRef | null, permissions: FederationRuleCreation['permissions']): AskedGrant[] {
  const asked = readGrants(project === null ? 'system' : 'project', permissions);
  if (project !== null && !asked.every((grant) => grant.kind === 'project' && grant.projectName === project.name)) {
    throw new AppError('BAD_REQUEST', `permissions: a rule of project ${project.name} gives rights there only.`);
  }
  const lasting = asked
    .flatMap((grant): readonly string[] => grant.permissions)
    .find((permission) => LASTING.includes(permission));
  if (lasting === undefined) return asked;
  throw new AppError('BAD_REQUEST', `permissions: jobs cannot have ${lasting}, since what it makes outlasts them.`);
}

function sound(fields: RuleFields): RuleFields {
  const refusal = refuseTrust(fields);
  if (refusal !== null) throw new AppError('BAD_REQUEST', refusal);
  return fields;
}

function meanwhile(): AppError {
  return new AppError(
    'CONFLICT',
    'The rule was changed by someone else meanwhile; read it again and repeat the change.',
  );
}

function missing(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no trust rule with the id ${id} here.`);
}
