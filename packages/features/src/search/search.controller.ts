import { search, searchArtifacts } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { SearchService } from './search.service.ts';

@Controller()
export class SearchController {
  readonly #search: SearchService;

  constructor(service: SearchService) {
    this.#search = service;
  }

  @Serve(search)
  search(@Input() { caller, query }: Call<typeof search>) {
    return this.#search.search(caller.principal, query.q);
  }

  @Serve(searchArtifacts)
  searchArtifacts(@Input() { caller, list }: Call<typeof searchArtifacts>) {
    return this.#search.artifacts(caller.principal, list);
  }
}
