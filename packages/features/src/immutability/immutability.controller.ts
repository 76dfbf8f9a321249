import {
  createArtifactHold,
  createImmutableRule,
  deleteArtifactHold,
  deleteImmutableRule,
  listArtifactHolds,
  listImmutableRules,
  previewImmutableRule,
  updateImmutableRule,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { HoldService } from './hold.service.ts';
import { ImmutabilityService } from './immutability.service.ts';

@Controller()
export class ImmutabilityController {
  readonly #rules: ImmutabilityService;
  readonly #holds: HoldService;

  constructor(rules: ImmutabilityService, holds: HoldService) {
    this.#rules = rules;
    this.#holds = holds;
  }

  @Serve(listImmutableRules)
  list(@Input() { project, list }: Call<typeof listImmutableRules>) {
    return this.#rules.list(project, list);
  }

  @Serve(createImmutableRule)
  async create(@Input() { caller, project, body }: Call<typeof createImmutableRule>) {
    return new Created(await this.#rules.create(caller, project, body));
  }

  @Serve(updateImmutableRule)
  update(@Input() { caller, project, params, body }: Call<typeof updateImmutableRule>) {
    return this.#rules.update(caller, project, params.immutable_rule_id, body);
  }

  @Serve(deleteImmutableRule)
  delete(@Input() { caller, project, params }: Call<typeof deleteImmutableRule>) {
    return this.#rules.delete(caller, project, params.immutable_rule_id);
  }

  @Serve(previewImmutableRule)
  preview(@Input() { project, body, list }: Call<typeof previewImmutableRule>) {
    return this.#rules.preview(project, body, list);
  }

  @Serve(listArtifactHolds)
  listHolds(@Input() { project, params, list }: Call<typeof listArtifactHolds>) {
    return this.#holds.list(project, params, list);
  }

  @Serve(createArtifactHold)
  async hold(@Input() { caller, project, params, body }: Call<typeof createArtifactHold>) {
    return new Created(await this.#holds.create(caller, project, params, body));
  }

  @Serve(deleteArtifactHold)
  release(@Input() { caller, project, params }: Call<typeof deleteArtifactHold>) {
    return this.#holds.release(caller, project, params, params.hold_id);
  }
}
