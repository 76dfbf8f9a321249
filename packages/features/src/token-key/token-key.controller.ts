import { listTokenKeys, rotateTokenKey, type TokenKey } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { SigningKeyService } from './signing-key.service.ts';

/** `/system/token-keys`. */
@Controller()
export class TokenKeyController {
  readonly #keys: SigningKeyService;

  constructor(keys: SigningKeyService) {
    this.#keys = keys;
  }

  @Serve(listTokenKeys)
  list(): Promise<TokenKey[]> {
    return this.#keys.describe();
  }

  @Serve(rotateTokenKey)
  async rotate(@Input() call: Call<typeof rotateTokenKey>): Promise<TokenKey[]> {
    await this.#keys.rotateFor(call.caller);
    return this.#keys.describe();
  }
}
