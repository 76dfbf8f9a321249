import { createTag, deleteTag, listRepositoryTags, listTagFacets, listTags } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { ArtifactChangeService } from './artifact-change.service.ts';
import { TagService } from './tag.service.ts';

@Controller()
export class TagController {
  readonly #tags: TagService;
  readonly #changes: ArtifactChangeService;

  constructor(tags: TagService, changes: ArtifactChangeService) {
    this.#tags = tags;
    this.#changes = changes;
  }

  @Serve(listTags)
  list(@Input() { project, params, list }: Call<typeof listTags>) {
    return this.#tags.listOfArtifact(project, params.repository_name, params.reference, list);
  }

  @Serve(createTag)
  async create(@Input() { caller, project, params, body }: Call<typeof createTag>) {
    await this.#changes.addTag(caller, project, params.repository_name, params.reference, body.name);
    return new Created(body.name);
  }

  @Serve(deleteTag)
  delete(@Input() { caller, project, params }: Call<typeof deleteTag>) {
    return this.#changes.removeTag(caller, project, params.repository_name, params.reference, params.tag_name);
  }

  @Serve(listRepositoryTags)
  listOfRepository(@Input() { project, params, query, list }: Call<typeof listRepositoryTags>) {
    return this.#tags.listOfRepository(project, params.repository_name, query.with_label, list);
  }

  @Serve(listTagFacets)
  facets(@Input() { project, params, query }: Call<typeof listTagFacets>) {
    return this.#tags.facets(project, params.repository_name, query.q ?? '');
  }
}
