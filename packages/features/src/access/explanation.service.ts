import {
  type AccessExplanation,
  AppError,
  type explainAccess,
  type Permission,
  type QueryOf,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { ANONYMOUS, type Principal } from '../http/index.ts';
import { IdentityService } from '../login/index.ts';
import { RobotIdentityService } from '../robot/index.ts';
import { UserService } from '../user/index.ts';
import { decideInSystem, permissionsInProject } from './access.rules.ts';
import { AccessService } from './access.service.ts';
import {
  ALL_PROJECT_PERMISSIONS,
  ALL_SYSTEM_PERMISSIONS,
  isProjectPermission,
  isSystemPermission,
  listedPermissions,
  readPermissionScope,
} from './permission-list.rules.ts';

type Question = QueryOf<typeof explainAccess>;

/** Tells callers what they may do, and administrators why somebody may or may not. */
@Injectable()
export class ExplanationService {
  readonly #access: AccessService;
  readonly #users: UserService;
  readonly #robots: RobotIdentityService;
  readonly #identities: IdentityService;

  constructor(access: AccessService, users: UserService, robots: RobotIdentityService, identities: IdentityService) {
    this.#access = access;
    this.#users = users;
    this.#robots = robots;
    this.#identities = identities;
  }

  /** What the caller may do in a scope; nothing in a project that is not there. Throws BAD_REQUEST for another scope. */
  async listPermissions(
    principal: Principal,
    scopeText: string | undefined,
    isRelative: boolean,
  ): Promise<Permission[]> {
    const scope = readPermissionScope(scopeText);
    if (scope.kind === 'system') {
      const held = ALL_SYSTEM_PERMISSIONS.filter((permission) => decideInSystem(principal, permission).allowed);
      return listedPermissions('/system', held, isRelative);
    }
    const project = await this.#access.findProject(scope.projectId);
    if (!project) return [];
    const bindings = await this.#access.bindings(principal, project);
    const held = permissionsInProject(principal, project, bindings, ALL_PROJECT_PERMISSIONS);
    return listedPermissions(`/project/${project.id}`, held, isRelative);
  }

  /**
   * Why somebody has, or lacks, a permission. Everyone asks about himself, members who may list a project's members about
   * users there; the rest is for administrators. Throws FORBIDDEN, NOT_FOUND, BAD_REQUEST.
   */
  async explain(principal: Principal, question: Question): Promise<AccessExplanation> {
    const { permission } = question;
    const isOwn = isAboutSelf(principal, question);
    if (!isOwn && (question.project === undefined || mayBeSecret(question))) {
      this.#access.requireInSystem(principal, 'user:read');
    }
    if (question.project === undefined) {
      if (!isSystemPermission(permission)) throw unknownPermission('at system level');
      return told(this.#access.decideInSystem(await this.#subject(question), permission));
    }
    const needed = isOwn ? 'project:read' : 'member:list';
    const project = await this.#access.requireProject(principal, question.project, true, needed);
    if (!isProjectPermission(permission)) throw unknownPermission('in a project');
    return told(await this.#access.decideInProject(await this.#subject(question), project, permission));
  }

  async #subject({ subject_kind: kind, subject = '', token_id: tokenId }: Question): Promise<Principal> {
    if (kind === 'anonymous') return ANONYMOUS;
    const found = kind === 'user' ? await this.#users.findByName(subject) : await this.#robots.findByName(subject);
    if (!found) {
      throw new AppError(
        'NOT_FOUND',
        `There is no ${kind} ${JSON.stringify(subject.slice(0, 80))} who may sign in: check the name; a disabled account may do nothing.`,
      );
    }
    if (kind === 'user' && tokenId !== undefined) return this.#throughToken(subject, tokenId);
    return 'principal' in found
      ? found.principal
      : {
          kind: 'user',
          id: found.id,
          username: found.username,
          isSysadmin: found.isSysadmin || found.isSysadminBySource,
        };
  }

  async #throughToken(username: string, tokenId: number): Promise<Principal> {
    const principal = (await this.#identities.find('personal-token', tokenId))?.principal;
    if (principal?.kind === 'user' && principal.username.toLowerCase() === username.toLowerCase()) return principal;
    throw new AppError('NOT_FOUND', `The user has no living token ${tokenId}; list the tokens for their ids.`);
  }
}

/** Rights of robots and of tokens are told to administrators only. */
function mayBeSecret(question: Question): boolean {
  return question.subject_kind === 'robot' || question.token_id !== undefined;
}

function isAboutSelf(principal: Principal, { subject_kind: kind, subject = '' }: Question): boolean {
  // A token that holds back rights of its owner does not get to know them.
  if (kind === 'anonymous' || principal.kind !== kind || (principal.kind === 'user' && principal.narrowed))
    return false;
  return principal.username.toLowerCase() === subject.toLowerCase();
}

function told(decision: AccessExplanation | Awaited<ReturnType<AccessService['decideInProject']>>): AccessExplanation {
  return { allowed: decision.allowed, reasons: decision.reasons.map((reason) => ({ ...reason })) };
}

function unknownPermission(where: string): AppError {
  return new AppError(
    'BAD_REQUEST',
    `permission: is none ${where}; write it as resource:action, for example repository:push.`,
  );
}
