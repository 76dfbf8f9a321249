import { type AnswerOf, createLabel, deleteLabel, getLabel, listLabels, updateLabel } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, type Page, Serve } from '../http/index.ts';
import { LabelService } from './label.service.ts';

/** `/labels`. The service asks for rights in every call. */
@Controller()
export class LabelController {
  readonly #labels: LabelService;

  constructor(labels: LabelService) {
    this.#labels = labels;
  }

  @Serve(listLabels)
  async list(@Input() call: Call<typeof listLabels>): Promise<Page<AnswerOf<typeof getLabel>>> {
    const page = await this.#labels.list(call.caller.principal, call.query, call.list);
    call.markAuthorized();
    return page;
  }

  @Serve(createLabel)
  async create(@Input() call: Call<typeof createLabel>): Promise<Created> {
    const id = await this.#labels.create(call.caller, call.body);
    call.markAuthorized();
    return new Created(id);
  }

  @Serve(getLabel)
  async get(@Input() call: Call<typeof getLabel>): Promise<AnswerOf<typeof getLabel>> {
    const label = await this.#labels.get(call.caller.principal, call.params.label_id);
    call.markAuthorized();
    return label;
  }

  @Serve(updateLabel)
  async update(@Input() call: Call<typeof updateLabel>): Promise<void> {
    await this.#labels.update(call.caller, call.params.label_id, call.body);
    call.markAuthorized();
  }

  @Serve(deleteLabel)
  async delete(@Input() call: Call<typeof deleteLabel>): Promise<void> {
    await this.#labels.delete(call.caller, call.params.label_id);
    call.markAuthorized();
  }
}
