import { type AnswerOf, explainAccess, getCurrentUserPermissions } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { ExplanationService } from './explanation.service.ts';

/** What the caller may do, and why somebody may. */
@Controller()
export class AccessController {
  readonly #explanations: ExplanationService;

  constructor(explanations: ExplanationService) {
    this.#explanations = explanations;
  }

  @Serve(getCurrentUserPermissions)
  permissions(
    @Input() call: Call<typeof getCurrentUserPermissions>,
  ): Promise<AnswerOf<typeof getCurrentUserPermissions>> {
    const { scope, relative = false } = call.query;
    return this.#explanations.listPermissions(call.caller.principal, scope, relative);
  }

  @Serve(explainAccess)
  async explain(@Input() call: Call<typeof explainAccess>): Promise<AnswerOf<typeof explainAccess>> {
    const explanation = await this.#explanations.explain(call.caller.principal, call.query);
    call.markAuthorized();
    return explanation;
  }
}
