import { getAddition, getArtifactConfig, getArtifactManifest } from '@moorage/contracts';
import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Call, Input, Serve } from '../http/index.ts';
import { AdditionService } from './addition.service.ts';
import { ArtifactContentService } from './artifact-content.service.ts';

@Controller()
export class ArtifactContentController {
  readonly #content: ArtifactContentService;
  readonly #additions: AdditionService;

  constructor(content: ArtifactContentService, additions: AdditionService) {
    this.#content = content;
    this.#additions = additions;
  }

  /** The bytes come from whoever pushed them: they are a download, never a page of this origin. */
  @Serve(getArtifactManifest)
  async manifest(
    @Input() { project, params }: Call<typeof getArtifactManifest>,
    @Res() response: Response,
  ): Promise<void> {
    const { digest, payload } = await this.#content.manifest(project, params.repository_name, params.reference);
    response
      .set({
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename="manifest.json"',
        'docker-content-digest': digest,
      })
      .end(payload);
  }

  @Serve(getArtifactConfig)
  config(@Input() { project, params }: Call<typeof getArtifactConfig>) {
    return this.#content.imageConfig(project, params.repository_name, params.reference);
  }

  /** What was pushed comes as data with its type; browsers are told by the headers of every answer not to guess. */
  @Serve(getAddition)
  async addition(@Input() { project, params }: Call<typeof getAddition>, @Res() response: Response): Promise<void> {
    const { repository_name: repository, reference, addition: name } = params;
    const addition = await this.#additions.read(project, repository, reference, name);
    response.set('content-type', addition.contentType).end(addition.body);
  }
}
