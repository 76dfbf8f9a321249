import { type AnswerOf, AppError, getChecklist } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { ChecklistService } from './checklist.service.ts';

/** `/users/current/checklist`. */
@Controller()
export class ChecklistController {
  readonly #checklists: ChecklistService;

  constructor(checklists: ChecklistService) {
    this.#checklists = checklists;
  }

  @Serve(getChecklist)
  read(@Input() call: Call<typeof getChecklist>): Promise<AnswerOf<typeof getChecklist>> {
    const { principal } = call.caller;
    if (principal.kind !== 'user') throw new AppError('FORBIDDEN', 'Only users have a checklist; this is a robot.');
    return this.#checklists.read(principal.id);
  }
}
