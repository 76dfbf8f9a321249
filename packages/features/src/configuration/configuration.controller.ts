import { type AnswerOf, getConfigurations, updateConfigurations } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { ConfigurationService } from './configuration.service.ts';

/** `/configurations`. */
@Controller()
export class ConfigurationController {
  readonly #configuration: ConfigurationService;

  constructor(configuration: ConfigurationService) {
    this.#configuration = configuration;
  }

  @Serve(getConfigurations)
  show(): Promise<AnswerOf<typeof getConfigurations>> {
    return this.#configuration.show();
  }

  @Serve(updateConfigurations)
  update(@Input() call: Call<typeof updateConfigurations>): Promise<void> {
    return this.#configuration.update(call.caller, call.body);
  }
}
