import {
  type AnswerOf,
  AppError,
  type BodyOf,
  type createArtifactHold,
  type listArtifactHolds,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { ArtifactService } from '../artifact/index.ts';
import { auditEntry } from '../audit/index.ts';
import { Clock } from '../clock/index.ts';
import { type Caller, type ListRequest, nameOf, Page, type ProjectRef } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { type HoldRow, HoldStore } from './hold.store.ts';
import { holdEnd } from './immutability.rules.ts';

/** Where an artifact is, as a path names it. */
export interface ArtifactPlace {
  readonly repository_name: string;
  readonly reference: string;
}

/** Locks and legal holds on single artifacts. */
@Injectable()
export class HoldService {
  readonly #artifacts: ArtifactService;
  readonly #store: HoldStore;
  readonly #clock: Clock;

  constructor(artifacts: ArtifactService, store: HoldStore, clock: Clock) {
    this.#artifacts = artifacts;
    this.#store = store;
    this.#clock = clock;
  }

  async list(project: ProjectRef, place: ArtifactPlace, request: ListRequest) {
    const artifact = await this.#find(project, place);
    const { rows, total } = await this.#store.list(project.id, artifact.id, request);
    return new Page(rows.map(holdView), total);
  }

  /** Gives the id. Throws BAD_REQUEST for an end that does not fit the kind, NOT_FOUND. */
  async create(
    caller: Caller,
    project: ProjectRef,
    place: ArtifactPlace,
    body: BodyOf<typeof createArtifactHold>,
  ): Promise<number> {
    const until = holdEnd(body, this.#clock.now());
    const artifact = await this.#find(project, place);
    const hold = { kind: body.kind, until, reason: body.reason, createdBy: nameOf(caller.principal) };
    const id = await this.#store.create(
      project.id,
      artifact.id,
      hold,
      holdEvent(caller, project, artifact, 'artifact.held', 'create', {
        status: 201,
        after: { kind: body.kind, until: until?.toISOString() ?? null, reason: body.reason },
      }),
    );
    if (id === null) throw new AppError('NOT_FOUND', 'The artifact was deleted meanwhile.');
    return id;
  }

  /** Releases a legal hold, or clears away a lock that has ended. Throws PRECONDITION for one that has not. */
  async release(caller: Caller, project: ProjectRef, place: ArtifactPlace, id: number): Promise<void> {
    const artifact = await this.#find(project, place);
    const event = holdEvent(caller, project, artifact, 'artifact.released', 'delete', { before: { hold_id: id } });
    const outcome = await this.#store.release(project.id, artifact.id, id, event);
    if (outcome === 'missing') throw new AppError('NOT_FOUND', `The artifact has no hold ${id}.`);
    if (outcome === 'locked') {
      throw new AppError('PRECONDITION', 'A lock stays until its time has come; nobody can release it earlier.');
    }
  }

  #find(project: ProjectRef, place: ArtifactPlace) {
    return this.#artifacts.find(project, place.repository_name, place.reference);
  }
}

function holdView(row: HoldRow): AnswerOf<typeof listArtifactHolds>[number] {
  return {
    id: row.id,
    kind: row.kind,
    ...(row.held_until === null ? {} : { until: row.held_until }),
    reason: row.reason,
    created_by: row.created_by,
    creation_time: row.created_at,
    active: row.is_active,
  };
}

function holdEvent(
  caller: Caller,
  project: ProjectRef,
  artifact: { readonly id: number; readonly repositoryName: string; readonly digest: string },
  name: string,
  operation: string,
  change: { status?: number; before?: object; after?: object },
): DomainEvent {
  const { repositoryName: repository, digest } = artifact;
  return {
    name,
    projectId: project.id,
    data: { repository, digest, artifactId: artifact.id },
    audit: auditEntry(caller, {
      resourceType: 'artifact_hold',
      resource: `${repository}@${digest}`,
      operation,
      ...change,
    }),
  };
}
