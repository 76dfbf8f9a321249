import {
  type AnswerOf,
  createRobot,
  deleteRobot,
  getPermissions,
  getRobot,
  getRobotPermissionUses,
  listRobots,
  type Permission,
  refreshRobotSecret,
  ROBOT_PROJECT_PERMISSIONS,
  ROBOT_SYSTEM_PERMISSIONS,
  updateRobot,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, type Page, Serve } from '../http/index.ts';
import { type CreatedRobot, RobotService } from './robot.service.ts';

/** `/robots`, and `/permissions`: what robots may be given. The service asks for rights in every call. */
@Controller()
export class RobotController {
  readonly #robots: RobotService;

  constructor(robots: RobotService) {
    this.#robots = robots;
  }

  @Serve(getPermissions)
  permissions(@Input() call: Call<typeof getPermissions>): AnswerOf<typeof getPermissions> {
    const { principal } = call.caller;
    const isAdmin = principal.kind === 'user' && principal.isSysadmin;
    return {
      project: pairsOf(ROBOT_PROJECT_PERMISSIONS),
      ...(isAdmin ? { system: pairsOf(ROBOT_SYSTEM_PERMISSIONS) } : {}),
    };
  }

  @Serve(listRobots)
  async list(@Input() call: Call<typeof listRobots>): Promise<Page<AnswerOf<typeof listRobots>[number]>> {
    const page = await this.#robots.list(call.caller.principal, call.list);
    call.markAuthorized();
    return page;
  }

  @Serve(createRobot)
  async create(@Input() call: Call<typeof createRobot>): Promise<Created<CreatedRobot>> {
    const robot = await this.#robots.create(call.caller, call.body);
    call.markAuthorized();
    return new Created(robot.id, robot);
  }

  @Serve(getRobot)
  async get(@Input() call: Call<typeof getRobot>): Promise<AnswerOf<typeof getRobot>> {
    const robot = await this.#robots.get(call.caller.principal, call.params.robot_id);
    call.markAuthorized();
    return robot;
  }

  @Serve(getRobotPermissionUses)
  async permissionUses(
    @Input() call: Call<typeof getRobotPermissionUses>,
  ): Promise<AnswerOf<typeof getRobotPermissionUses>> {
    const uses = await this.#robots.permissionUses(call.caller.principal, call.params.robot_id);
    call.markAuthorized();
    return uses;
  }

  @Serve(updateRobot)
  async update(@Input() call: Call<typeof updateRobot>): Promise<void> {
    await this.#robots.update(call.caller, call.params.robot_id, call.body);
    call.markAuthorized();
  }

  @Serve(refreshRobotSecret)
  async changeSecret(@Input() call: Call<typeof refreshRobotSecret>): Promise<AnswerOf<typeof refreshRobotSecret>> {
    const changed = await this.#robots.changeSecret(call.caller, call.params.robot_id, call.body);
    call.markAuthorized();
    return changed;
  }

  @Serve(deleteRobot)
  async delete(@Input() call: Call<typeof deleteRobot>): Promise<void> {
    await this.#robots.delete(call.caller, call.params.robot_id);
    call.markAuthorized();
  }
}

function pairsOf(table: Readonly<Record<string, readonly string[]>>): Permission[] {
  return Object.entries(table).flatMap(([resource, actions]) => actions.map((action) => ({ resource, action })));
}
