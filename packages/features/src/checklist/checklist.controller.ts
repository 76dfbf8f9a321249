import { type AnswerOf, AppError, getChecklist, listQuotaReminders, listRobotReminders } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { ChecklistService } from './checklist.service.ts';
import { QuotaReminderService } from './quota-reminder.service.ts';
import { RobotReminderService } from './robot-reminder.service.ts';

/** What the home page calls to mind: `/users/current/checklist`, `…/robot-reminders`, `…/quota-reminders`. */
@Controller()
export class ChecklistController {
  readonly #checklists: ChecklistService;
  readonly #robots: RobotReminderService;
  readonly #quotas: QuotaReminderService;

  constructor(checklists: ChecklistService, robots: RobotReminderService, quotas: QuotaReminderService) {
    this.#checklists = checklists;
    this.#robots = robots;
    this.#quotas = quotas;
  }

  @Serve(getChecklist)
  read(@Input() call: Call<typeof getChecklist>): Promise<AnswerOf<typeof getChecklist>> {
    const { principal } = call.caller;
    if (principal.kind !== 'user') throw new AppError('FORBIDDEN', 'Only users have a checklist; this is a robot.');
    return this.#checklists.read(principal.id);
  }

  @Serve(listRobotReminders)
  robotReminders(@Input() call: Call<typeof listRobotReminders>): Promise<AnswerOf<typeof listRobotReminders>> {
    const { principal } = call.caller;
    if (principal.kind !== 'user')
      throw new AppError('FORBIDDEN', 'Only users are reminded of robots; this is a robot.');
    return this.#robots.list(principal);
  }

  @Serve(listQuotaReminders)
  quotaReminders(@Input() call: Call<typeof listQuotaReminders>): Promise<AnswerOf<typeof listQuotaReminders>> {
    const { principal } = call.caller;
    if (principal.kind !== 'user')
      throw new AppError('FORBIDDEN', 'Only users are reminded of quotas; this is a robot.');
    return this.#quotas.list(principal);
  }
}
