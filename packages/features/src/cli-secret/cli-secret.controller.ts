import { type AnswerOf, deleteCliSecret, setCliSecret } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { CliSecretService } from './cli-secret.service.ts';

/** `/users/{user_id}/cli_secret`. */
@Controller()
export class CliSecretController {
  readonly #secrets: CliSecretService;

  constructor(secrets: CliSecretService) {
    this.#secrets = secrets;
  }

  @Serve(setCliSecret)
  async set(@Input() call: Call<typeof setCliSecret>): Promise<AnswerOf<typeof setCliSecret>> {
    const secret = await this.#secrets.set(call.caller, call.params.user_id, call.body.secret);
    return secret === undefined ? {} : { secret };
  }

  @Serve(deleteCliSecret)
  remove(@Input() call: Call<typeof deleteCliSecret>): Promise<void> {
    return this.#secrets.remove(call.caller, call.params.user_id);
  }
}
