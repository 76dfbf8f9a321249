import { type AnswerOf, AppError, getChecklist, listRobotReminders } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { ChecklistService } from './checklist.service.ts';
import { RobotReminderService } from './robot-reminder.service.ts';

/** `/users/current/checklist` and `/users/current/robot-reminders`. */
@Controller()
export class ChecklistController {
  readonly #checklists: ChecklistService;
  readonly #reminders: RobotReminderService;

  constructor(checklists: ChecklistService, reminders: RobotReminderService) {
    this.#checklists = checklists;
    this.#reminders = reminders;
  }

  @Serve(getChecklist)
  read(@Input() call: Call<typeof getChecklist>): Promise<AnswerOf<typeof getChecklist>> {
    const { principal } = call.caller;
    if (principal.kind !== 'user') throw new AppError('FORBIDDEN', 'Only users have a checklist; this is a robot.');
    return this.#checklists.read(principal.id);
  }

  @Serve(listRobotReminders)
  reminders(@Input() call: Call<typeof listRobotReminders>): Promise<AnswerOf<typeof listRobotReminders>> {
    const { principal } = call.caller;
    if (principal.kind !== 'user')
      throw new AppError('FORBIDDEN', 'Only users are reminded of robots; this is a robot.');
    return this.#reminders.list(principal);
  }
}
