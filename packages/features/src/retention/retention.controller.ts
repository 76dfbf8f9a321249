import {
  AppError,
  createRetention,
  deleteRetention,
  getRetention,
  getRetentionMetadata,
  getRetentionTaskLog,
  listRetentionExecutions,
  listRetentionTasks,
  operateRetentionExecution,
  type ProjectPermission,
  triggerRetentionExecution,
  updateRetention,
} from '@moorage/contracts';
import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccessService } from '../access/index.ts';
import { Authority } from '../authority/index.ts';
import { sendLog } from '../execution/index.ts';
import { type Call, Created, Input, type Principal, type ProjectRef, Serve } from '../http/index.ts';
import { HARBOR_METADATA, harborView } from './retention.rules.ts';
import { RetentionService } from './retention.service.ts';
import { RetentionRunService } from './retention-run.service.ts';

/** The policy as Harbor's clients know it, by its own id. Each handler finds the project first and asks for the right in it. */
@Controller()
export class RetentionController {
  readonly #policies: RetentionService;
  readonly #runs: RetentionRunService;
  readonly #access: AccessService;
  readonly #authority: Authority;

  constructor(policies: RetentionService, runs: RetentionRunService, access: AccessService, authority: Authority) {
    this.#policies = policies;
    this.#runs = runs;
    this.#access = access;
    this.#authority = authority;
  }

  @Serve(getRetentionMetadata)
  metadata() {
    return HARBOR_METADATA;
  }

  @Serve(createRetention)
  async create(@Input() { caller, body, endpoint, markAuthorized }: Call<typeof createRetention>) {
    const project = await this.#projectOf(caller.principal, body.scope.ref, permissionOf(endpoint));
    markAuthorized();
    return new Created((await this.#policies.createForHarbor(caller, project, body)).id);
  }

  @Serve(getRetention)
  async show(@Input() call: Call<typeof getRetention>) {
    const { policy } = await this.#located(call);
    return harborView(policy, this.#policies.nextRun(policy));
  }

  @Serve(updateRetention)
  async update(@Input() call: Call<typeof updateRetention>) {
    const { project } = await this.#located(call);
    await this.#policies.updateForHarbor(call.caller, project, call.body);
  }

  @Serve(deleteRetention)
  async delete(@Input() call: Call<typeof deleteRetention>) {
    const { project } = await this.#located(call);
    await this.#policies.delete(call.caller, project);
  }

  @Serve(triggerRetentionExecution)
  async run(@Input() call: Call<typeof triggerRetentionExecution>) {
    const { policy, project } = await this.#located(call);
    return new Created(await this.#runs.start(call.caller, project, policy, call.body.dry_run));
  }

  @Serve(listRetentionExecutions)
  async list(@Input() call: Call<typeof listRetentionExecutions>) {
    const { policy } = await this.#located(call);
    return this.#runs.listForHarbor(policy, call.list);
  }

  @Serve(operateRetentionExecution)
  async operate(@Input() call: Call<typeof operateRetentionExecution>) {
    const { policy, project } = await this.#located(call);
    await this.#runs.stop(call.caller, project, policy, call.params.eid);
  }

  @Serve(listRetentionTasks)
  async tasks(@Input() call: Call<typeof listRetentionTasks>) {
    const { policy } = await this.#located(call);
    return this.#runs.tasks(policy, call.params.eid, call.list);
  }

  @Serve(getRetentionTaskLog)
  async log(@Input() call: Call<typeof getRetentionTaskLog>, @Res() response: Response): Promise<void> {
    const { policy } = await this.#located(call);
    await sendLog(response, await this.#runs.log(policy, call.params.eid, call.params.tid));
  }

  /** The policy a path names, once its project grants the endpoint's permission. Who may not see it learns nothing of it. */
  async #located(
    call: Pick<Call<typeof getRetention>, 'caller' | 'params' | 'markAuthorized'> & { readonly endpoint: WithAccess },
  ) {
    const { caller, params, endpoint, markAuthorized } = call;
    refuseAnonymous(caller.principal);
    const policy = await this.#policies.locate(params.id);
    if (!policy) throw this.#missing(caller.principal, params.id);
    const [project] = await this.#authority.findProjectsById([policy.projectId]);
    if (!project) throw this.#missing(caller.principal, params.id);
    const decision = await this.#access.decideInProject(caller.principal, project, permissionOf(endpoint));
    if (!decision.allowed) throw this.#missing(caller.principal, params.id);
    markAuthorized();
    return { policy, project };
  }

  /** One answer whether the policy is there or not, but to who may see every policy. */
  #missing(principal: Principal, id: number): AppError {
    if (this.#authority.holdsEverywhere(principal, 'tag-retention:read')) {
      return new AppError('NOT_FOUND', `There is no retention policy with the id ${id}.`);
    }
    return new AppError('FORBIDDEN', `You may not do this with the retention policy ${id}, or it does not exist.`);
  }

  async #projectOf(principal: Principal, id: number, permission: ProjectPermission): Promise<ProjectRef> {
    refuseAnonymous(principal);
    const [project] = await this.#authority.findProjectsById([id]);
    const decision = project && (await this.#access.decideInProject(principal, project, permission));
    if (project && decision?.allowed) return project;
    if (!project && this.#authority.holdsEverywhere(principal, permission)) {
      throw new AppError('NOT_FOUND', `There is no project with the id ${id}.`);
    }
    throw new AppError('FORBIDDEN', `You do not have ${permission} in this project, or it does not exist.`);
  }
}

interface WithAccess {
  readonly access: (typeof getRetention)['access'];
}

function permissionOf({ access }: WithAccess): ProjectPermission {
  if (access.kind === 'object') return access.project;
  throw new Error('the endpoint is not about an object of a project');
}

function refuseAnonymous(principal: Principal): void {
  if (principal.kind === 'anonymous') throw new AppError('UNAUTHORIZED', 'Sign in to see retention policies.');
}
