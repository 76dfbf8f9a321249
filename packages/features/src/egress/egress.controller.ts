import { type AnswerOf, checkEgress, listEgressRefusals } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { EgressService } from './egress.service.ts';
import { RefusalService } from './refusal.service.ts';

/** What administrators see of outgoing connections. */
@Controller()
export class EgressController {
  readonly #egress: EgressService;
  readonly #refusals: RefusalService;

  constructor(egress: EgressService, refusals: RefusalService) {
    this.#egress = egress;
    this.#refusals = refusals;
  }

  @Serve(listEgressRefusals)
  list(@Input() { list }: Call<typeof listEgressRefusals>) {
    return this.#refusals.list(list);
  }

  @Serve(checkEgress)
  check(@Input() { body }: Call<typeof checkEgress>): Promise<AnswerOf<typeof checkEgress>> {
    return this.#egress.check(body.url);
  }
}
