import { type AnswerOf, AppError, type getArtifact } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { type ListRequest, Page, type ProjectRef } from '../http/index.ts';
import { LabelStore, labelView } from '../label/index.ts';
import { AccessoryStore } from './accessory.store.ts';
import { ArtifactStore } from './artifact.store.ts';
import type { ArtifactScope } from './artifact-filter.store.ts';
import {
  accessoryView,
  type ArtifactRow,
  artifactView,
  type ChildRow,
  MAX_NESTED,
  referrerView,
} from './artifact.rules.ts';
import { TagStore } from './tag.store.ts';

type ArtifactAnswer = AnswerOf<typeof getArtifact>;

/** What an artifact is shown with (ART-2). */
export interface Assembly {
  readonly with_tag: boolean;
  readonly with_label: boolean;
  readonly with_immutable_status: boolean;
  readonly with_accessory: boolean;
  readonly with_inherited_accessory: boolean;
}

/** Artifacts as the API shows them: pages are assembled with one statement a kind of part, whatever their length. */
@Injectable()
export class ArtifactService {
  readonly #artifacts: ArtifactStore;
  readonly #tags: TagStore;
  readonly #accessories: AccessoryStore;
  readonly #labels: LabelStore;

  constructor(artifacts: ArtifactStore, tags: TagStore, accessories: AccessoryStore, labels: LabelStore) {
    this.#artifacts = artifacts;
    this.#tags = tags;
    this.#accessories = accessories;
    this.#labels = labels;
  }

  /** `repository` is the name after the project. */
  async list(
    project: ProjectRef,
    repository: string,
    assembly: Assembly,
    request: ListRequest,
  ): Promise<Page<ArtifactAnswer>> {
    const repositoryId = await this.repositoryId(project, repository);
    return this.#page(project, assembly, { projectId: project.id, repositoryId }, null, request);
  }

  /** `latestOnly` keeps the newest artifact of each repository; it needs one media type or artifact type. */
  async listOfProject(
    project: ProjectRef,
    latestOnly: boolean,
    assembly: Assembly,
    request: ListRequest,
  ): Promise<Page<ArtifactAnswer>> {
    const latestOf = latestOnly ? latestConditions(request) : null;
    return this.#page(project, assembly, { projectId: project.id }, latestOf, request);
  }

  async get(project: ProjectRef, repository: string, reference: string, assembly: Assembly): Promise<ArtifactAnswer> {
    const row = await this.find(project, repository, reference);
    const [view] = await this.#assemble(project, assembly, [row]);
    return view as ArtifactAnswer;
  }

  async listAccessories(project: ProjectRef, repository: string, reference: string, request: ListRequest) {
    const { rows, total } = await this.#accessories.list(await this.find(project, repository, reference), request);
    return new Page(rows.map(accessoryView), total);
  }

  async listReferrers(project: ProjectRef, repository: string, reference: string, request: ListRequest) {
    const row = await this.find(project, repository, reference);
    const { rows, total } = await this.#accessories.listReferrers(row, request);
    return new Page(rows.map(referrerView), total);
  }

  /** The parts of an index in order, at most 250. */
  listParts(project: ProjectRef, row: ArtifactRow): Promise<ChildRow[]> {
    return this.#accessories.listChildren(project.id, [row.id]);
  }

  /** An artifact by tag or digest; throws NOT_FOUND. */
  async find(project: ProjectRef, repository: string, reference: string): Promise<ArtifactRow> {
    const row = await this.#artifacts.find(project.id, `${project.name}/${repository}`, reference);
    if (!row) {
      throw new AppError('NOT_FOUND', `Repository ${project.name}/${repository} has no artifact ${reference}.`);
    }
    return row;
  }

  /** Id of a repository by the name after the project; throws NOT_FOUND. */
  async repositoryId(project: ProjectRef, repository: string): Promise<number> {
    const id = await this.#artifacts.findRepository(project.id, `${project.name}/${repository}`);
    if (id === null) throw new AppError('NOT_FOUND', `Project ${project.name} has no repository ${repository}.`);
    return id;
  }

  async #page(
    project: ProjectRef,
    assembly: Assembly,
    scope: ArtifactScope,
    latestOf: ListRequest['conditions'] | null,
    request: ListRequest,
  ): Promise<Page<ArtifactAnswer>> {
    const { rows: ids, total, next } = await this.#artifacts.list(scope, latestOf, request);
    const rows = ids.length === 0 ? [] : await this.#artifacts.load(project.id, ids);
    return new Page(await this.#assemble(project, assembly, rows), total, next);
  }

  async #assemble(project: ProjectRef, assembly: Assembly, rows: readonly ArtifactRow[]): Promise<ArtifactAnswer[]> {
    const ids = rows.map((row) => row.id);
    const indexes = rows.filter((row) => row.kind === 'index').map((row) => row.id);
    const none: never[] = [];
    const when = <T>(wanted: boolean, load: () => Promise<T[]>) => (wanted && ids.length > 0 ? load() : none);
    const [children, tags, labels, accessories, inherited] = await Promise.all([
      when(indexes.length > 0, () => this.#accessories.listChildren(project.id, indexes)),
      when(assembly.with_tag, () => this.#tags.listOfArtifacts(project.id, ids, assembly.with_immutable_status)),
      when(assembly.with_label, () => this.#labels.listOfArtifacts(project.id, ids, MAX_NESTED)),
      when(assembly.with_accessory, () => this.#accessories.listOfArtifacts(project.id, ids)),
      when(assembly.with_inherited_accessory, () => this.#accessories.listInherited(project.id, ids)),
    ]);
    const childrenOf = grouped(children, (child) => child.parentId);
    const tagsOf = grouped(tags, (tag) => tag.artifactId);
    const labelsOf = grouped(labels, (label) => label.artifactId);
    const accessoriesOf = grouped(accessories, (accessory) => accessory.subjectId);
    const inheritedOf = grouped(inherited, (accessory) => accessory.childId);
    return rows.map(({ id }, index) =>
      artifactView(rows[index] as ArtifactRow, {
        children: childrenOf(id),
        tags: tagsOf(id),
        ...(assembly.with_label ? { labels: labelsOf(id).map(labelView) } : {}),
        accessories: accessoriesOf(id),
        ...(assembly.with_inherited_accessory ? { inherited: inheritedOf(id) } : {}),
      }),
    );
  }
}

function latestConditions(request: ListRequest): ListRequest['conditions'] {
  const kinds = request.conditions.filter(({ key }) => key === 'media_type' || key === 'artifact_type');
  if (kinds.length === 1) return kinds;
  throw new AppError('BAD_REQUEST', 'latest_in_repository: needs exactly one of media_type and artifact_type in q.');
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => number): (key: number) => T[] {
  const groups = Map.groupBy(items, keyOf);
  return (key) => groups.get(key) ?? [];
}
