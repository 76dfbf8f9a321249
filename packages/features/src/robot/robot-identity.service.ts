import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import type { RobotPrincipal } from '../http/index.ts';
import { equalSecrets, KeyRing } from '../secret/index.ts';
import { SettingsService } from '../settings/index.ts';
import { isRobotActive, parseRobotName, type RobotCredential, robotPrincipal } from './robot-identity.rules.ts';
import { RobotIdentityStore } from './robot-identity.store.ts';
import type { StoredUse } from './robot-use.rules.ts';
import { RobotUseRecorder } from './robot-use-recorder.ts';

/** A robot that may act now. */
export interface ActiveRobot {
  readonly principal: RobotPrincipal;
  readonly credentialVersion: number;
}

/** A robot that proved its secret; with the former secret of a rotation only until then. */
export interface VerifiedRobot extends ActiveRobot {
  readonly until: Date | null;
}

const NOBODY = Buffer.alloc(32);
const USE_NOTED_EVERY_MS = 60_000;
const MAX_NOTED = 10_000;

/** Robots as identities: signing in, and who they are now. */
@Injectable()
export class RobotIdentityService {
  readonly #store: RobotIdentityStore;
  readonly #settings: SettingsService;
  readonly #keys: KeyRing;
  readonly #clock: Clock;
  readonly #noted = new Map<number, number>();
  readonly #uses: RobotUseRecorder;

  constructor(store: RobotIdentityStore, settings: SettingsService, keys: KeyRing, clock: Clock) {
    this.#store = store;
    this.#settings = settings;
    this.#keys = keys;
    this.#clock = clock;
    this.#uses = new RobotUseRecorder(store, clock);
  }

  /** Whether a login name is a robot's. */
  async isRobotName(login: string): Promise<boolean> {
    return login.startsWith((await this.#settings.get()).robot_name_prefix);
  }

  /** The robot a login name and secret belong to; null for a wrong name or secret, and for one that may not act. */
  async verify(login: string, secret: string): Promise<VerifiedRobot | null> {
    const prefix = (await this.#settings.get()).robot_name_prefix;
    const target = parseRobotName(prefix, login);
    const robot = target && (await this.#store.findByLogin(target));
    const now = this.#clock.now();
    const given = this.#keys.mac('robot-secret', String(robot?.id ?? 0), secret);
    const isCurrent = equalSecrets(given, robot?.secretHash ?? NOBODY);
    const isFormer = equalSecrets(given, robot?.previousSecretHash ?? NOBODY);
    if (!robot || !isRobotActive(robot, now)) return null;
    const until = robot.previousSecretUntil;
    if (!isCurrent && !(isFormer && until !== null && until > now)) return null;
    return { ...active(prefix, robot), until: isCurrent ? null : until };
  }

  /** A robot that may act now, by its full name. */
  async findByName(login: string): Promise<ActiveRobot | null> {
    const prefix = (await this.#settings.get()).robot_name_prefix;
    const target = parseRobotName(prefix, login);
    const robot = target && (await this.#store.findByLogin(target));
    return robot && isRobotActive(robot, this.#clock.now()) ? active(prefix, robot) : null;
  }

  /** Robots that may act now, by id; one statement. */
  async findActive(ids: readonly number[]): Promise<ReadonlyMap<number, ActiveRobot>> {
    const prefix = (await this.#settings.get()).robot_name_prefix;
    const now = this.#clock.now();
    const robots = [...(await this.#store.findMany(ids))].filter(([, robot]) => isRobotActive(robot, now));
    return new Map(robots.map(([id, robot]) => [id, active(prefix, robot)]));
  }

  /** The stored form of a robot's secret. */
  hashSecret(robotId: number, secret: string): Buffer {
    return this.#keys.mac('robot-secret', String(robotId), secret);
  }

  /** Which permissions a robot has used, and when last. */
  listPermissionUses(robotId: number): Promise<StoredUse[]> {
    return this.#store.listPermissionUses(robotId);
  }

  /** Notes that a robot used a permission in a project, or at level 0 of the system, or -1 for an object whose project is not known. Never fails, never waits. */
  notePermission(robotId: number, projectId: number, permission: string): void {
    this.#uses.note(robotId, projectId, permission);
  }

  /** Notes when and from where a robot was last used, at most once a minute. Never fails the call it is about. */
  noteUse(robotId: number, address: string): void {
    const now = this.#clock.now();
    if (now.getTime() - (this.#noted.get(robotId) ?? 0) < USE_NOTED_EVERY_MS) return;
    if (this.#noted.size >= MAX_NOTED) this.#noted.clear();
    this.#noted.set(robotId, now.getTime());
    // A lost note costs a minute of a statistic; the next use writes it again.
    this.#store.noteUse(robotId, now, address).catch(() => this.#noted.delete(robotId));
  }
}

function active(prefix: string, robot: RobotCredential): ActiveRobot {
  return { principal: robotPrincipal(prefix, robot), credentialVersion: robot.credentialVersion };
}
