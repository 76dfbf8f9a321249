import { listRepositoryTagHistory, listTagHistory, revertTag } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { TagHistoryService } from './tag-history.service.ts';

@Controller()
export class TagHistoryController {
  readonly #history: TagHistoryService;

  constructor(history: TagHistoryService) {
    this.#history = history;
  }

  @Serve(listTagHistory)
  list(@Input() { caller, project, params, list }: Call<typeof listTagHistory>) {
    return this.#history.list(caller, project, params.repository_name, params.tag_name, list);
  }

  @Serve(listRepositoryTagHistory)
  listOfRepository(@Input() { caller, project, params, list }: Call<typeof listRepositoryTagHistory>) {
    return this.#history.list(caller, project, params.repository_name, null, list);
  }

  @Serve(revertTag)
  revert(@Input() { caller, project, params, body }: Call<typeof revertTag>) {
    return this.#history.revert(caller, project, params.repository_name, params.tag_name, body.digest);
  }
}
