import { type AnswerOf, getConfigurations, updateConfigurations } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { configurationsAnswer } from './settings.rules.ts';
import { SettingsService } from './settings.service.ts';

/** `/configurations`. */
@Controller()
export class SettingsController {
  readonly #settings: SettingsService;

  constructor(settings: SettingsService) {
    this.#settings = settings;
  }

  @Serve(getConfigurations)
  async show(): Promise<AnswerOf<typeof getConfigurations>> {
    return configurationsAnswer(await this.#settings.get());
  }

  @Serve(updateConfigurations)
  update(@Input() call: Call<typeof updateConfigurations>): Promise<void> {
    return this.#settings.update(call.caller, call.body);
  }
}
