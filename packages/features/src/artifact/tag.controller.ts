import { listRepositoryTags, listTags } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { TagService } from './tag.service.ts';

@Controller()
export class TagController {
  readonly #tags: TagService;

  constructor(tags: TagService) {
    this.#tags = tags;
  }

  @Serve(listTags)
  list(@Input() { project, params, list }: Call<typeof listTags>) {
    return this.#tags.listOfArtifact(project, params.repository_name, params.reference, list);
  }

  @Serve(listRepositoryTags)
  listOfRepository(@Input() { project, params, list }: Call<typeof listRepositoryTags>) {
    return this.#tags.listOfRepository(project, params.repository_name, list);
  }
}
