import { compareArtifacts, getArtifactPulls, getArtifactStorage } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { ArtifactInsightService } from './artifact-insight.service.ts';
import { ComparisonService } from './comparison.service.ts';

@Controller()
export class ArtifactInsightController {
  readonly #insight: ArtifactInsightService;
  readonly #comparison: ComparisonService;

  constructor(insight: ArtifactInsightService, comparison: ComparisonService) {
    this.#insight = insight;
    this.#comparison = comparison;
  }

  @Serve(getArtifactPulls)
  pulls(@Input() { project, params, query }: Call<typeof getArtifactPulls>) {
    return this.#insight.pulls(project, params.repository_name, params.reference, query.days);
  }

  @Serve(getArtifactStorage)
  storage(@Input() { caller, project, params }: Call<typeof getArtifactStorage>) {
    return this.#insight.storage(caller.principal, project, params.repository_name, params.reference);
  }

  @Serve(compareArtifacts)
  compare(@Input() { caller, project, params, query }: Call<typeof compareArtifacts>) {
    const base = { project, repository: params.repository_name, reference: params.reference };
    return this.#comparison.compare(caller.principal, base, query.with, query.platform);
  }
}
