import { type AnswerOf, getToken, getTokenKeys, type IssuedToken, postToken } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { SigningKeyService } from '../token-key/index.ts';
import { TokenService } from './token.service.ts';

/** `/service/token`. */
@Controller()
export class TokenController {
  readonly #tokens: TokenService;
  readonly #keys: SigningKeyService;

  constructor(tokens: TokenService, keys: SigningKeyService) {
    this.#tokens = tokens;
    this.#keys = keys;
  }

  @Serve(getTokenKeys)
  async keys(): Promise<AnswerOf<typeof getTokenKeys>> {
    const keys = await this.#keys.publicKeys();
    return {
      keys: keys.map(({ kty = '', crv = '', x = '', y = '', kid }) => ({
        kty,
        crv,
        x,
        y,
        kid,
        alg: 'ES256',
        use: 'sig',
      })),
    };
  }

  @Serve(getToken)
  async get(@Input() call: Call<typeof getToken>): Promise<void> {
    send(call, await this.#tokens.issue(call.caller, call.query));
  }

  @Serve(postToken)
  async post(@Input() call: Call<typeof postToken>): Promise<void> {
    send(call, await this.#tokens.issueForForm(call.body, call.caller));
  }
}

function send(call: Pick<Call, 'response'>, token: IssuedToken): void {
  call.response.status(200).setHeader('cache-control', 'no-store').json(token);
}
