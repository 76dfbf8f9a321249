import { Injectable } from '@nestjs/common';
import { UserService } from '../user/index.ts';
import type { CredentialVerifier, Precedence, Proof, Recognition } from './credential-verifier.ts';
import type { BasicCredentials } from './credentials.rules.ts';
import { userIdentity } from './identity.service.ts';

/** Passwords of local accounts. Takes every name, so that unknown ones cost the same work (S4). */
@Injectable()
export class UserPasswordVerifier implements CredentialVerifier {
  readonly credential = 'password';
  readonly precedence: Precedence = 'local';
  readonly noPortal = null;
  readonly #users: UserService;

  constructor(users: UserService) {
    this.#users = users;
  }

  recognises(): Recognition {
    return 'mine';
  }

  async verify({ name, secret }: BasicCredentials): Promise<Proof | null> {
    const user = await this.#users.verify(name, secret);
    return user && { identity: userIdentity(user), until: null };
  }
}
