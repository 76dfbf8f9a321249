import {
  AppError,
  type BodyOf,
  type createRobot,
  type Robot,
  type RobotPermissionUses,
  type refreshRobotSecret,
  type updateRobot,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { type Caller, type ListRequest, Page, type Principal } from '../http/index.ts';
import { generateSecret } from '../secret/index.ts';
import { SettingsService } from '../settings/index.ts';
import {
  auditedRobot,
  expirySeconds,
  namedGrant,
  opensRights,
  readScope,
  robotAnswer,
  robotEvent,
  type RobotRow,
} from './robot.rules.ts';
import { type NewGrant, type NewRobot, type RobotChange, RobotStore } from './robot.store.ts';
import { type AskedGrant, expiryOf, readGrants, refuseDuration } from './robot-grant.rules.ts';
import { fullRobotName } from './robot-identity.rules.ts';
import { RobotIdentityService } from './robot-identity.service.ts';
import { permissionUses } from './robot-use.rules.ts';
import { type RobotAction, RobotRightService } from './robot-right.service.ts';

const HOUR_MS = 3_600_000;

/** What is shown once, when a robot was made. */
export interface CreatedRobot {
  readonly id: number;
  readonly name: string;
  readonly secret: string;
  readonly creation_time: Date;
  readonly expires_at: number;
}

/** Robot accounts (ROB-1 to ROB-7). Every call asks for the right of its caller first. */
@Injectable()
export class RobotService {
  readonly #store: RobotStore;
  readonly #rights: RobotRightService;
  readonly #identities: RobotIdentityService;
  readonly #settings: SettingsService;
  readonly #clock: Clock;

  constructor(
    store: RobotStore,
    rights: RobotRightService,
    identities: RobotIdentityService,
    settings: SettingsService,
    clock: Clock,
  ) {
    this.#store = store;
    this.#rights = rights;
    this.#identities = identities;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** The robots of the project that `q` names, or of the system. Throws FORBIDDEN, NOT_FOUND, BAD_REQUEST. */
  async list(principal: Principal, request: ListRequest): Promise<Page<Robot>> {
    const scope = readScope(request);
    if (scope.projectId === null) this.#rights.requireInSystem(principal, 'list');
    else await this.#rights.requireInProject(principal, { id: scope.projectId }, 'list');
    const settings = await this.#settings.get();
    const { rows, total } = await this.#store.list(scope.projectId, settings.robot_name_prefix, scope.request);
    const now = this.#clock.now();
    return new Page(
      rows.map((row) => robotAnswer(settings, row, now)),
      total,
    );
  }

  async get(principal: Principal, id: number): Promise<Robot> {
    const robot = await this.#find(principal, id, 'read');
    return robotAnswer(await this.#settings.get(), robot, this.#clock.now());
  }

  /** Which permissions a robot has used: what it holds without a use can be taken away. Throws NOT_FOUND, FORBIDDEN. */
  async permissionUses(principal: Principal, id: number): Promise<RobotPermissionUses> {
    const robot = await this.#find(principal, id, 'read');
    const uses = await this.#identities.listPermissionUses(id);
    return { observed_since: robot.createdAt.toISOString(), permissions: permissionUses(robot.grants, uses) };
  }

  /** Makes a robot; the secret is in the answer and nowhere else. Throws BAD_REQUEST, FORBIDDEN, CONFLICT, DENIED. */
  async create(caller: Caller, body: BodyOf<typeof createRobot>): Promise<CreatedRobot> {
    const asked = readGrants(body.level, body.permissions);
    const project = await this.#home(caller.principal, body.level, asked);
    const grants = await this.#rights.delegate(caller.principal, asked);
    const settings = await this.#settings.get();
    const durationDays = body.duration ?? settings.robot_token_duration;
    requireDuration(durationDays, settings.robot_max_duration);
    const createdAt = this.#clock.now();
    const robot: NewRobot = {
      projectId: project?.id ?? null,
      name: body.name,
      description: body.description ?? '',
      durationDays,
      expiresAt: expiryOf(createdAt, durationDays),
      isDisabled: body.disable ?? false,
      ...creatorOf(caller),
      createdAt,
      allowedAddresses: body.allowed_addresses ?? [],
      grants,
    };
    const name = fullRobotName(settings.robot_name_prefix, project?.name ?? null, body.name);
    const secret = body.secret || generateSecret('robot');
    const id = await this.#store.create(robot, (newId) => ({
      secretHash: this.#identities.hashSecret(newId, secret),
      event: robotEvent(
        'robot.created',
        caller,
        { id: newId, projectId: robot.projectId, name },
        {
          operation: 'create',
          status: 201,
          after: auditedRobot({ ...robot, grants: asked.map(namedGrant) }),
        },
      ),
    }));
    return { id, name, secret, creation_time: createdAt, expires_at: expirySeconds(robot.expiresAt) };
  }

  /** Changes description, life, permissions, or whether it is disabled. Throws NOT_FOUND, BAD_REQUEST, FORBIDDEN, DENIED. */
  async update(caller: Caller, id: number, body: BodyOf<typeof updateRobot>): Promise<void> {
    const robot = await this.#find(caller.principal, id, 'update');
    const settings = await this.#settings.get();
    const name = fullRobotName(settings.robot_name_prefix, robot.projectName, robot.name);
    requireSameRobot(robot, name, body);
    const asked = body.permissions && readGrants(robot.projectId === null ? 'system' : 'project', body.permissions);
    if (asked && robot.projectId !== null) requireSameProject(robot, asked);
    const grants = asked && (await this.#rights.delegate(caller.principal, asked));
    const durationDays = body.duration ?? robot.durationDays;
    if (durationDays !== robot.durationDays) requireDuration(durationDays, settings.robot_max_duration);
    const wanted = { body, durationDays, asked, grants };
    const opens = (current: RobotRow) => !asked && opensRights(current, changedReach(current, wanted));
    const held = opens(robot) ? robot.grants : [];
    await this.#rights.requireHeld(caller.principal, held);
    const changed = await this.#store.change(robot.projectId, id, (current) => {
      if (opens(current) && JSON.stringify(current.grants) !== JSON.stringify(held)) throw meanwhile();
      return changeOf(caller, name, current, wanted);
    });
    if (!changed) throw gone(id);
  }

  /** Gives a robot a new secret, the given or a random one; the former works on for the overlap. Throws NOT_FOUND, FORBIDDEN. */
  async changeSecret(
    caller: Caller,
    id: number,
    body: BodyOf<typeof refreshRobotSecret>,
  ): Promise<{ secret: string; previous_secret_until?: Date }> {
    const robot = await this.#find(caller.principal, id, 'update');
    await this.#rights.requireHeld(caller.principal, robot.grants);
    const { robot_name_prefix: prefix } = await this.#settings.get();
    const name = fullRobotName(prefix, robot.projectName, robot.name);
    const secret = body.secret || generateSecret('robot');
    const hours = body.overlap_hours ?? 0;
    const now = this.#clock.now();
    const until = hours === 0 ? null : new Date(now.getTime() + hours * HOUR_MS);
    const event = robotEvent(
      'robot.secret-changed',
      caller,
      { ...robot, name },
      {
        operation: 'change secret',
        after: { previous_secret_until: until },
      },
    );
    const hash = this.#identities.hashSecret(id, secret);
    if (!(await this.#store.changeSecret(robot.projectId, id, hash, until, now, event))) throw gone(id);
    return { secret, ...(until === null ? {} : { previous_secret_until: until }) };
  }

  async delete(caller: Caller, id: number): Promise<void> {
    const robot = await this.#find(caller.principal, id, 'delete');
    const { robot_name_prefix: prefix } = await this.#settings.get();
    const name = fullRobotName(prefix, robot.projectName, robot.name);
    const event = robotEvent(
      'robot.deleted',
      caller,
      { ...robot, name },
      {
        operation: 'delete',
        before: auditedRobot(robot),
      },
    );
    if (!(await this.#store.delete(robot.projectId, id, event))) throw gone(id);
  }

  async #find(principal: Principal, id: number, action: RobotAction): Promise<RobotRow> {
    return this.#rights.requireOn(principal, await this.#store.locate(id), id, action);
  }

  /** The project a new robot belongs to; null for the system. */
  async #home(principal: Principal, level: 'system' | 'project', asked: readonly AskedGrant[]) {
    const [grant] = asked;
    if (level === 'system' || grant?.kind !== 'project' || grant.projectName === null) {
      this.#rights.requireInSystem(principal, 'create');
      return null;
    }
    return this.#rights.requireInProject(principal, { name: grant.projectName }, 'create');
  }
}

interface WantedChange {
  readonly body: BodyOf<typeof updateRobot>;
  readonly durationDays: number;
  readonly asked: readonly AskedGrant[] | undefined;
  readonly grants: readonly NewGrant[] | undefined;
}

function changedReach(current: RobotRow, { body, durationDays }: WantedChange) {
  return {
    expiresAt: durationDays === current.durationDays ? current.expiresAt : expiryOf(current.createdAt, durationDays),
    isDisabled: body.disable ?? current.isDisabled,
    allowedAddresses: body.allowed_addresses ?? current.allowedAddresses,
  };
}

function changeOf(caller: Caller, name: string, current: RobotRow, wanted: WantedChange): RobotChange {
  const { body, durationDays, asked, grants } = wanted;
  const next = {
    description: body.description ?? current.description,
    durationDays,
    ...changedReach(current, wanted),
  };
  const after = auditedRobot({ ...next, grants: asked?.map(namedGrant) ?? current.grants });
  return {
    ...next,
    ...(grants ? { grants } : {}),
    endsCredentials: next.isDisabled && !current.isDisabled,
    event: robotEvent(
      'robot.updated',
      caller,
      { ...current, name },
      {
        operation: 'update',
        before: auditedRobot(current),
        after,
      },
    ),
  };
}

function creatorOf({ principal }: Caller): Pick<NewRobot, 'creatorType' | 'creatorId'> {
  if (principal.kind === 'anonymous') throw new AppError('UNAUTHORIZED', 'Sign in to make a robot.');
  if (principal.kind === 'federated')
    throw new AppError('FORBIDDEN', 'Jobs make no robots: they would outlast the job.');
  return { creatorType: principal.kind === 'robot' ? 'robot' : 'local', creatorId: principal.id };
}

function requireDuration(days: number, maxDays: number): void {
  const refusal = refuseDuration(days, maxDays);
  if (refusal !== null) throw new AppError('DENIED', refusal);
}

/** Name, level and secret do not change with an update (ROB-7). */
function requireSameRobot(robot: RobotRow, name: string, body: BodyOf<typeof updateRobot>): void {
  const level = robot.projectId === null ? 'system' : 'project';
  if (body.id !== undefined && body.id !== robot.id)
    throw new AppError('BAD_REQUEST', 'id: is not the one in the path.');
  if (body.name !== undefined && body.name !== name && body.name !== robot.name) {
    throw new AppError('BAD_REQUEST', 'name: a robot keeps its name; make another one instead.');
  }
  if (body.level !== undefined && body.level !== level) {
    throw new AppError('BAD_REQUEST', 'level: a robot keeps its level; make another one instead.');
  }
  if (body.secret) throw new AppError('BAD_REQUEST', 'secret: change it with PATCH /robots/{robot_id}.');
}

function requireSameProject(robot: RobotRow, asked: readonly AskedGrant[]): void {
  if (asked.every((grant) => grant.kind === 'project' && grant.projectName === robot.projectName)) return;
  throw new AppError('BAD_REQUEST', 'permissions: a project robot keeps its project; make another one instead.');
}

function meanwhile(): AppError {
  return new AppError(
    'CONFLICT',
    'The robot was changed by someone else meanwhile; read it again and repeat the change.',
  );
}

function gone(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no robot with the id ${id} any more.`);
}
