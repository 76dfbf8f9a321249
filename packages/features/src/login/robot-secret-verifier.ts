import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../http/index.ts';
import { isUsableFrom, RobotIdentityService, wrongPlace } from '../robot/index.ts';
import type { CredentialVerifier, Precedence, Proof, Recognition } from './credential-verifier.ts';
import type { BasicCredentials } from './credentials.rules.ts';
import type { Identity } from './identity.service.ts';

/** Secrets of robots, known by the prefix of their names. */
@Injectable()
export class RobotSecretVerifier implements CredentialVerifier {
  readonly credential = 'robot-secret';
  readonly precedence: Precedence = 'shape';
  readonly noPortal = 'Robots have no access to the portal; sign in as a user.';
  readonly #robots: RobotIdentityService;

  constructor(robots: RobotIdentityService) {
    this.#robots = robots;
  }

  async recognises({ name }: BasicCredentials): Promise<Recognition> {
    return (await this.#robots.isRobotName(name)) ? 'mine' : 'other';
  }

  async verify({ name, secret }: BasicCredentials): Promise<Proof | null> {
    const robot = await this.#robots.verify(name, secret);
    return robot && { identity: robot, until: robot.until };
  }

  refuse({ principal }: Identity, { address }: RequestOrigin): string | null {
    if (principal.kind !== 'robot' || isUsableFrom(principal.allowedAddresses, address)) return null;
    return wrongPlace(principal.username, address);
  }

  noteUse({ principal }: Identity, { address }: RequestOrigin): void {
    if (principal.kind === 'robot') this.#robots.noteUse(principal.id, address);
  }
}
