import { randomBytes, sign } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Authority } from '../authority/index.ts';
import { Clock } from '../clock/index.ts';
import type { Principal } from '../http/index.ts';
import { SettingsService } from '../settings/index.ts';
import { SigningKeyService } from '../token-key/index.ts';
import {
  type AccessEntry,
  ISSUER,
  longestLife,
  MIN_LIFE_SECONDS,
  type SERVICES,
  type Subject,
  TOKEN_TYPE,
  type TokenClaims,
} from './token-claims.rules.ts';
import { ACTION_PERMISSIONS, type AskedScope, projectNameOf, REPOSITORY_ACTIONS } from './token-scope.rules.ts';

export interface SignedToken {
  readonly text: string;
  readonly issuedAt: Date;
  readonly lifeSeconds: number;
  readonly access: readonly AccessEntry[];
}

/** Issues registry tokens for the intersection of what is asked for and what is allowed at this moment (S17). */
@Injectable()
export class TokenIssuer {
  readonly #keys: SigningKeyService;
  readonly #authority: Authority;
  readonly #settings: SettingsService;
  readonly #clock: Clock;

  constructor(keys: SigningKeyService, authority: Authority, settings: SettingsService, clock: Clock) {
    this.#keys = keys;
    this.#authority = authority;
    this.#settings = settings;
    this.#clock = clock;
  }

  async issue(
    principal: Principal,
    subject: Subject,
    service: (typeof SERVICES)[number],
    asked: readonly AskedScope[],
  ): Promise<SignedToken> {
    // Taken before the rights are read: whoever read them later knows at least as much.
    const issuedAt = this.#clock.now();
    const access = await this.#grant(principal, asked);
    const { token_expiration: minutes } = await this.#settings.get();
    const longest = principal.kind === 'federated' ? principal.tokenSeconds : Number.POSITIVE_INFINITY;
    const lifeSeconds = Math.max(MIN_LIFE_SECONDS, Math.min(longest, longestLife(minutes)));
    const iat = Math.floor(issuedAt.getTime() / 1000);
    const text = await this.#sign({
      iss: ISSUER,
      sub: principal.kind === 'anonymous' ? '' : principal.username,
      aud: service,
      exp: iat + lifeSeconds,
      nbf: iat,
      iat,
      jti: randomBytes(16).toString('base64url'),
      access,
      idn: {
        k: subject.kind,
        ...(subject.kind === 'anonymous' ? {} : { i: subject.id, v: subject.version }),
        t: issuedAt.getTime(),
      },
    });
    return { text, issuedAt, lifeSeconds, access };
  }

  /** One entry for every scope asked for; what is denied and what does not exist look the same (K7, S21). */
  async #grant(principal: Principal, asked: readonly AskedScope[]): Promise<AccessEntry[]> {
    const names = asked.flatMap((scope) => (scope.type === 'repository' ? [projectNameOf(scope.name)] : []));
    const projects = names.length === 0 ? [] : await this.#authority.findProjectsByName([...new Set(names)]);
    const held = await this.#authority.permissionsIn(principal, projects, Object.values(ACTION_PERMISSIONS));
    const byName = new Map(projects.map((project) => [project.name, project]));
    return asked.map((scope): AccessEntry => {
      if (scope.type === 'registry') {
        const mayRead = this.#authority.holdsInSystem(principal, 'catalog:read');
        return { type: 'registry', name: scope.name, actions: mayRead ? ['*'] : [] };
      }
      const project = byName.get(projectNameOf(scope.name));
      const permissions = project && held.get(project.id);
      const actions = REPOSITORY_ACTIONS.filter(
        (action) => scope.actions.includes(action) && permissions?.has(ACTION_PERMISSIONS[action]),
      );
      return {
        type: 'repository',
        name: scope.name,
        actions,
        ...(project && actions.length > 0 ? { pid: project.id } : {}),
      };
    });
  }

  async #sign(claims: TokenClaims): Promise<string> {
    const key = await this.#keys.current();
    const header = encode({ alg: 'ES256', typ: TOKEN_TYPE, kid: key.kid });
    const data = `${header}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(data), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
    return `${data}.${signature.toString('base64url')}`;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
