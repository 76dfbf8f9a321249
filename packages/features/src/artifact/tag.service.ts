import { type AnswerOf, type listTagFacets, TAG_FILTERS } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { type ListRequest, Page, parseConditions, type ProjectRef } from '../http/index.ts';
import { LabelStore, labelView } from '../label/index.ts';
import { ArtifactService } from './artifact.service.ts';
import { MAX_NESTED, repositoryTagView, tagView } from './artifact.rules.ts';
import { TagFacetStore } from './tag-facet.store.ts';
import { TagStore } from './tag.store.ts';

/** Tags as the API shows them. */
@Injectable()
export class TagService {
  readonly #artifacts: ArtifactService;
  readonly #tags: TagStore;
  readonly #facets: TagFacetStore;
  readonly #labels: LabelStore;

  constructor(artifacts: ArtifactService, tags: TagStore, facets: TagFacetStore, labels: LabelStore) {
    this.#artifacts = artifacts;
    this.#tags = tags;
    this.#facets = facets;
    this.#labels = labels;
  }

  async listOfArtifact(project: ProjectRef, repository: string, reference: string, request: ListRequest) {
    const artifact = await this.#artifacts.find(project, repository, reference);
    const { rows, total } = await this.#tags.listOfArtifact(project.id, artifact.id, request);
    return new Page(rows.map(tagView), total);
  }

  /** The tags of a repository, each with what it points at. */
  async listOfRepository(project: ProjectRef, repository: string, withLabel: boolean, request: ListRequest) {
    const repositoryId = await this.#artifacts.repositoryId(project, repository);
    const { rows, total, next } = await this.#tags.listOfRepository(project.id, repositoryId, request);
    const ids = [...new Set(rows.map((row) => row.artifactId))];
    const labels = withLabel && ids.length > 0 ? await this.#labels.listOfArtifacts(project.id, ids, MAX_NESTED) : [];
    const labelsOf = Map.groupBy(labels, (label) => label.artifactId);
    return new Page(
      rows.map((row) => repositoryTagView(row, withLabel ? (labelsOf.get(row.artifactId) ?? []).map(labelView) : null)),
      total,
      next,
    );
  }

  /** What the tags that meet `q` have in common. */
  async facets(project: ProjectRef, repository: string, q: string): Promise<AnswerOf<typeof listTagFacets>> {
    const conditions = parseConditions(TAG_FILTERS, q);
    const repositoryId = await this.#artifacts.repositoryId(project, repository);
    const { total, truncated, rows } = await this.#facets.count(project.id, repositoryId, conditions);
    const values = (facet: string) =>
      rows.filter((row) => row.facet === facet).map(({ value, count }) => ({ value, count }));
    return {
      total,
      truncated,
      type: values('type'),
      platform: values('platform'),
      pushed_by: values('pushed_by'),
      label: rows.flatMap(({ facet, value, count, id, color }) =>
        facet === 'label' && id !== null ? [{ id, name: value, color: color ?? '', count }] : [],
      ),
    };
  }
}
