import { copyArtifact } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { ArtifactCopyService } from './artifact-copy.service.ts';

@Controller()
export class ArtifactCopyController {
  readonly #copies: ArtifactCopyService;

  constructor(copies: ArtifactCopyService) {
    this.#copies = copies;
  }

  @Serve(copyArtifact)
  async copy(@Input() { caller, project, params, query }: Call<typeof copyArtifact>) {
    return new Created(await this.#copies.copy(caller, project, params.repository_name, query.from));
  }
}
