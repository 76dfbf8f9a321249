import { addLabel, labelArtifacts, removeLabel } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { ArtifactService } from '../artifact/index.ts';
import { type Call, Input, Serve } from '../http/index.ts';
import { LabelService } from '../label/index.ts';
import { BulkLabelService } from './bulk-label.service.ts';

/** Labels on artifacts and off them; what a label is, is the room `label`'s. */
@Controller()
export class ArtifactLabelController {
  readonly #artifacts: ArtifactService;
  readonly #labels: LabelService;
  readonly #bulk: BulkLabelService;

  constructor(artifacts: ArtifactService, labels: LabelService, bulk: BulkLabelService) {
    this.#artifacts = artifacts;
    this.#labels = labels;
    this.#bulk = bulk;
  }

  @Serve(addLabel)
  async add(@Input() { caller, project, params, body }: Call<typeof addLabel>): Promise<void> {
    const artifact = await this.#artifacts.find(project, params.repository_name, params.reference);
    await this.#labels.attach(caller, project, artifact, body.id);
  }

  @Serve(removeLabel)
  async remove(@Input() { caller, project, params }: Call<typeof removeLabel>): Promise<void> {
    const artifact = await this.#artifacts.find(project, params.repository_name, params.reference);
    await this.#labels.detach(caller, project, artifact, params.label_id);
  }

  @Serve(labelArtifacts)
  labelMany(@Input() { caller, project, params, body }: Call<typeof labelArtifacts>) {
    return this.#bulk.label(caller, project, params.repository_name, body);
  }
}
