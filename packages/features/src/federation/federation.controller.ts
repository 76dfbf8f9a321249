import {
  createFederationRule,
  createSystemFederationRule,
  deleteFederationRule,
  deleteSystemFederationRule,
  type FederationRule,
  getFederationRule,
  getSystemFederationRule,
  listFederationRules,
  listSystemFederationRules,
  tryFederationToken,
  trySystemFederationToken,
  updateFederationRule,
  updateSystemFederationRule,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { FederationRuleService } from './federation-rule.service.ts';

/** `…/federation`: rules of a project, and of the whole registry. */
@Controller()
export class FederationController {
  readonly #rules: FederationRuleService;

  constructor(rules: FederationRuleService) {
    this.#rules = rules;
  }

  @Serve(listFederationRules)
  list(@Input() { project, list }: Call<typeof listFederationRules>) {
    return this.#rules.list(project, list);
  }

  @Serve(createFederationRule)
  async create(@Input() call: Call<typeof createFederationRule>): Promise<Created<FederationRule>> {
    const rule = await this.#rules.create(call.caller, call.project, call.body);
    return new Created(rule.id, rule);
  }

  @Serve(getFederationRule)
  get(@Input() { project, params }: Call<typeof getFederationRule>) {
    return this.#rules.get(project, params.rule_id);
  }

  @Serve(updateFederationRule)
  update(@Input() call: Call<typeof updateFederationRule>): Promise<void> {
    return this.#rules.update(call.caller, call.project, call.params.rule_id, call.body);
  }

  @Serve(deleteFederationRule)
  delete(@Input() call: Call<typeof deleteFederationRule>): Promise<void> {
    return this.#rules.delete(call.caller, call.project, call.params.rule_id);
  }

  @Serve(tryFederationToken)
  try(@Input() { project, body }: Call<typeof tryFederationToken>) {
    return this.#rules.try(project, body);
  }

  @Serve(listSystemFederationRules)
  listOfSystem(@Input() { list }: Call<typeof listSystemFederationRules>) {
    return this.#rules.list(null, list);
  }

  @Serve(createSystemFederationRule)
  async createInSystem(@Input() call: Call<typeof createSystemFederationRule>): Promise<Created<FederationRule>> {
    const rule = await this.#rules.create(call.caller, null, call.body);
    return new Created(rule.id, rule);
  }

  @Serve(getSystemFederationRule)
  getOfSystem(@Input() { params }: Call<typeof getSystemFederationRule>) {
    return this.#rules.get(null, params.rule_id);
  }

  @Serve(updateSystemFederationRule)
  updateInSystem(@Input() call: Call<typeof updateSystemFederationRule>): Promise<void> {
    return this.#rules.update(call.caller, null, call.params.rule_id, call.body);
  }

  @Serve(deleteSystemFederationRule)
  deleteInSystem(@Input() call: Call<typeof deleteSystemFederationRule>): Promise<void> {
    return this.#rules.delete(call.caller, null, call.params.rule_id);
  }

  @Serve(trySystemFederationToken)
  tryInSystem(@Input() { body }: Call<typeof trySystemFederationToken>) {
    return this.#rules.try(null, body);
  }
}
