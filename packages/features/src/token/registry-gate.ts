import { AppError, type ErrorCode } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Authority } from '../authority/index.ts';
import { type Caller, ExternalAddress, type Principal, type RequestOrigin } from '../http/index.ts';
import { LoginService, parseAuthorization, refuseResetPassword } from '../login/index.ts';
import { isUsableFrom, RobotIdentityService, SYSTEM_LEVEL, wrongPlace } from '../robot/index.ts';
import { bearerChallenge, type ChallengeError, type RegistryNeed } from './challenge.rules.ts';
import { type LiveRight, LiveRights } from './live-rights.ts';
import type { RegistryToken } from './token-claims.rules.ts';
import {
  ACTION_PERMISSIONS,
  isChange,
  isScopeName,
  projectNameOf,
  type RepositoryAction,
} from './token-scope.rules.ts';
import { TokenVerifier } from './token-verifier.ts';

/** A request to /v2 as the gate sees it. */
export interface RegistryRequest {
  /** The Authorization header. Cookies are no credential here (S37). */
  readonly authorization: string | undefined;
  /** The Host header. */
  readonly host: string | undefined;
  readonly origin: RequestOrigin;
  readonly need: RegistryNeed;
}

export type GateAnswer =
  | {
      readonly allowed: true;
      readonly caller: Caller;
      /** The repository's project; 0 unless a repository is needed. */
      readonly projectId: number;
      /** The mount source's project, when the caller may pull there. */
      readonly mountProjectId?: number;
    }
  | {
      readonly allowed: false;
      readonly status: 401 | 403 | 429;
      readonly code: 'UNAUTHORIZED' | 'DENIED' | 'TOOMANYREQUESTS';
      readonly message: string;
      readonly challenge?: string;
      readonly retryAfterSeconds?: number;
    };

/** Lets requests to /v2 in: by registry token, or by Basic credentials directly (K12). */
@Injectable()
export class RegistryGate {
  readonly #verifier: TokenVerifier;
  readonly #rights: LiveRights;
  readonly #login: LoginService;
  readonly #robots: RobotIdentityService;
  readonly #authority: Authority;
  readonly #address: ExternalAddress;

  constructor(
    verifier: TokenVerifier,
    rights: LiveRights,
    login: LoginService,
    robots: RobotIdentityService,
    authority: Authority,
    address: ExternalAddress,
  ) {
    this.#verifier = verifier;
    this.#rights = rights;
    this.#login = login;
    this.#robots = robots;
    this.#authority = authority;
    this.#address = address;
  }

  /** Decides. A promise only when something has to be read: a token seen in the last seconds costs no statement. */
  decide(request: RegistryRequest): GateAnswer | Promise<GateAnswer> {
    const header = request.authorization;
    if (header === undefined) return this.#challenge(request, 'Sign in, or get a token for what you need.');
    if (!/^bearer /i.test(header)) return this.#byBasic(header, request);
    const token = this.#verifier.verify(header.slice(header.indexOf(' ') + 1).trim());
    return token instanceof Promise
      ? token.then((known) => this.#byToken(known, request))
      : this.#byToken(token, request);
  }

  #byToken(token: RegistryToken | null, request: RegistryRequest): GateAnswer | Promise<GateAnswer> {
    if (!token) return this.#challenge(request, 'The token is not valid, or has expired.', 'invalid_token');
    const { need } = request;
    const grant = need.kind === 'repository' ? token.repositories.get(need.name) : undefined;
    if (need.kind === 'repository' ? !grant?.actions.has(need.action) : need.kind === 'catalog' && !token.catalog) {
      return this.#insufficient(request);
    }
    const projectId = grant?.projectId ?? 0;
    const right =
      need.kind === 'repository' && isChange(need.action)
        ? this.#rights.forChange(token, projectId)
        : this.#rights.of(token, projectId);
    return right instanceof Promise
      ? right.then((known) => this.#byRight(token, known, projectId, request))
      : this.#byRight(token, right, projectId, request);
  }

  /** What the token allows counts only as far as its subject may do it now. */
  #byRight(
    token: RegistryToken,
    right: LiveRight | null,
    projectId: number,
    request: RegistryRequest,
  ): GateAnswer | Promise<GateAnswer> {
    const version = token.subject.kind === 'anonymous' ? 0 : token.subject.version;
    if (!right || right.credentialVersion !== version) {
      return this.#challenge(request, 'The token is not valid any more.', 'invalid_token');
    }
    const { need, origin } = request;
    if (need.kind === 'catalog' && !this.#authority.holdsInSystem(right.principal, 'catalog:read')) {
      return this.#insufficient(request);
    }
    if (need.kind === 'repository') {
      const isSameProject = right.projectName === projectNameOf(need.name);
      if (!isSameProject || !right.actions.has(need.action)) return this.#insufficient(request);
    }
    const { principal } = right;
    if (principal.kind === 'robot') {
      if (!isUsableFrom(principal.allowedAddresses, origin.address))
        return misplaced(principal.username, origin.address);
      this.#robots.noteUse(principal.id, origin.address);
      this.#notePermission(principal.id, projectId, need);
    }
    const caller: Caller = {
      ...origin,
      principal: right.principal,
      credential: 'registry-token',
      credentialVersion: right.credentialVersion,
    };
    const allowed: GateAnswer = { allowed: true, caller, projectId };
    if (need.kind !== 'repository' || need.mountFrom === undefined) return allowed;
    return this.#withMountSource(token, need.mountFrom, allowed, request);
  }

  /**
   * M4: a token that was never asked for the source gets a challenge that names both; one that was asked and did not get
   * it goes on without the mount, and so does a name that no token can have.
   */
  async #withMountSource(
    token: RegistryToken,
    from: string,
    allowed: Extract<GateAnswer, { allowed: true }>,
    request: RegistryRequest,
  ): Promise<GateAnswer> {
    const grant = token.repositories.get(from);
    if (!grant && isScopeName(from)) return this.#insufficient(request);
    if (!grant?.actions.has('pull')) return allowed;
    const right = await this.#rights.of(token, grant.projectId);
    const mayPull = right?.projectName === projectNameOf(from) && right.actions.has('pull');
    return mayPull ? { ...allowed, mountProjectId: grant.projectId } : allowed;
  }

  async #byBasic(header: string, request: RegistryRequest): Promise<GateAnswer> {
    let caller: Caller;
    try {
      if (parseAuthorization(header).scheme === 'unknown')
        return this.#challenge(request, 'Sign in with Basic or a token.');
      caller = await this.#login.resolveHeader(header, request.origin);
      refuseResetPassword(caller);
    } catch (error) {
      return this.#refusal(request, error);
    }
    const { need } = request;
    if (need.kind === 'ping') return { allowed: true, caller, projectId: 0 };
    if (need.kind === 'catalog') {
      return this.#authority.holdsInSystem(caller.principal, 'catalog:read')
        ? { allowed: true, caller, projectId: 0 }
        : denied();
    }
    const admitted = await this.#admit(caller, need.name, need.action);
    if (admitted === null) return denied();
    const { projectId } = admitted;
    caller = admitted.caller;
    if (caller.principal.kind === 'robot') this.#notePermission(caller.principal.id, projectId, need);
    const source =
      need.mountFrom === undefined ? null : await this.#projectFor(caller.principal, need.mountFrom, 'pull');
    return { allowed: true, caller, projectId, ...(source === null ? {} : { mountProjectId: source }) };
  }

  /** Where the caller may do it; before a change, and before a refusal, his identity source is asked about him again. */
  async #admit(
    given: Caller,
    name: string,
    action: RepositoryAction,
  ): Promise<{ readonly caller: Caller; readonly projectId: number } | null> {
    const caller = isChange(action) ? await this.#login.forChange(given) : given;
    const projectId = await this.#projectFor(caller.principal, name, action);
    if (projectId !== null) return { caller, projectId };
    const confirmed = await this.#login.confirmed(caller);
    const found = confirmed && (await this.#projectFor(confirmed.principal, name, action));
    return confirmed && found !== null ? { caller: confirmed, projectId: found } : null;
  }

  #notePermission(robotId: number, projectId: number, need: RegistryNeed): void {
    if (need.kind === 'catalog') this.#robots.notePermission(robotId, SYSTEM_LEVEL, 'catalog:read');
    if (need.kind === 'repository') this.#robots.notePermission(robotId, projectId, ACTION_PERMISSIONS[need.action]);
  }

  async #projectFor(principal: Principal, repository: string, action: RepositoryAction): Promise<number | null> {
    const [project] = await this.#authority.findProjectsByName([projectNameOf(repository)]);
    if (!project) return null;
    const permission = ACTION_PERMISSIONS[action];
    const held = await this.#authority.permissionsIn(principal, [project], [permission]);
    return held.get(project.id)?.has(permission) ? project.id : null;
  }

  /** A wrong or missing credential as /v2 answers it; anything else is a failure of ours. */
  #refusal(request: RegistryRequest, error: unknown): GateAnswer {
    if (!(error instanceof AppError)) throw error;
    const waits: readonly ErrorCode[] = ['TOO_MANY_REQUESTS', 'UNAVAILABLE'];
    if (waits.includes(error.code)) {
      return {
        allowed: false,
        status: 429,
        code: 'TOOMANYREQUESTS',
        message: error.message,
        retryAfterSeconds: error.retryAfterSeconds ?? 1,
      };
    }
    return this.#challenge(request, error.message);
  }

  #insufficient(request: RegistryRequest): GateAnswer {
    return this.#challenge(
      request,
      'The token does not allow this; get one with the scope named in the challenge.',
      'insufficient_scope',
    );
  }

  #challenge(request: RegistryRequest, message: string, error?: ChallengeError): GateAnswer {
    const challenge = bearerChallenge(this.#address.urlFor(request.host, request.origin.isHttps), request.need, error);
    return { allowed: false, status: 401, code: 'UNAUTHORIZED', message, challenge };
  }
}

/** A robot's token in the wrong place. */
function misplaced(username: string, address: string): GateAnswer {
  return { allowed: false, status: 403, code: 'DENIED', message: wrongPlace(username, address) };
}

/** The same whether the repository exists or not. */
function denied(): GateAnswer {
  return {
    allowed: false,
    status: 403,
    code: 'DENIED',
    message: 'You may not do this here, or there is no such project. Ask a project admin for the right.',
  };
}
