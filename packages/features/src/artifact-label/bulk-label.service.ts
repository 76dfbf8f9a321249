import { AppError, type AnswerOf, type labelArtifacts } from '@moorage/contracts';
import { Database } from '@moorage/database';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/index.ts';
import { auditEntry } from '../audit/index.ts';
import type { Caller, ProjectRef } from '../http/index.ts';
import { eventPayload } from '../outbox/index.ts';
import { BulkLabelStore, type LabelChange, type LabelSelection } from './bulk-label.store.ts';

const MAX_ARTIFACTS = 100_000;
/** What one statement changes, and locks meanwhile. */
const PER_BATCH = 2_000;

interface Labeling extends LabelSelection {
  readonly add: readonly number[];
  readonly remove: readonly number[];
  readonly dry_run: boolean;
}

/** Puts labels on many artifacts and takes others off; every artifact that changes is told of as if it were alone. */
@Injectable()
export class BulkLabelService {
  readonly #store: BulkLabelStore;
  readonly #access: AccessService;

  constructor(database: Database, access: AccessService) {
    this.#store = new BulkLabelStore(database);
    this.#access = access;
  }

  /** Throws NOT_FOUND for the repository or a label the project cannot use, PRECONDITION for too many artifacts. */
  async label(
    caller: Caller,
    project: ProjectRef,
    repository: string,
    labeling: Labeling,
  ): Promise<AnswerOf<typeof labelArtifacts>> {
    if (labeling.remove.length > 0) {
      await this.#access.requireInProject(caller.principal, project, 'artifact-label:delete');
    }
    const name = `${project.name}/${repository}`;
    const id = await this.#store.findRepository(project.id, name);
    if (id === null) throw new AppError('NOT_FOUND', `Project ${project.name} has no repository ${repository}.`);
    const [unusable] = await this.#store.unusable(project.id, [...labeling.add, ...labeling.remove]);
    if (unusable !== undefined) {
      throw new AppError('NOT_FOUND', `There is no label with the id ${unusable} that you may use here.`);
    }
    const place = { projectId: project.id, id };
    const ids = await this.#store.artifacts(place, labeling, MAX_ARTIFACTS + 1);
    if (ids.length > MAX_ARTIFACTS) {
      throw new AppError(
        'PRECONDITION',
        `One request labels at most ${MAX_ARTIFACTS}; narrow the filter and repeat it.`,
      );
    }
    const other_tags = await this.#store.otherTags(place, labeling, ids);
    let added = 0;
    let removed = 0;
    for (const labelId of labeling.add) {
      added += labeling.dry_run
        ? ids.length - (await this.#store.having(project.id, ids, labelId))
        : await this.#inBatches(ids, (batch) =>
            this.#store.attach(project.id, batch, changeOf(caller, name, labelId, 'create')),
          );
    }
    for (const labelId of labeling.remove) {
      removed += labeling.dry_run
        ? await this.#store.having(project.id, ids, labelId)
        : await this.#inBatches(ids, (batch) =>
            this.#store.detach(project.id, batch, changeOf(caller, name, labelId, 'delete')),
          );
    }
    return { artifacts: ids.length, other_tags, added, removed };
  }

  async #inBatches(ids: readonly number[], work: (batch: readonly number[]) => Promise<number>): Promise<number> {
    let changed = 0;
    for (let start = 0; start < ids.length; start += PER_BATCH)
      changed += await work(ids.slice(start, start + PER_BATCH));
    return changed;
  }
}

function changeOf(caller: Caller, repository: string, labelId: number, operation: 'create' | 'delete'): LabelChange {
  const audit = auditEntry(caller, {
    resourceType: 'artifact_label',
    resource: repository,
    operation,
    [operation === 'create' ? 'after' : 'before']: { label_id: labelId },
  });
  return {
    labelId,
    repository,
    event: operation === 'create' ? 'artifact.labelled' : 'artifact.unlabelled',
    payload: eventPayload({ data: { repository, labelId }, audit }),
  };
}
