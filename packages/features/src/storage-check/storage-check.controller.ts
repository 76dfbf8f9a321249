import {
  getKeptBytes,
  getScrubState,
  listKeptBlobs,
  listStorageFindings,
  startScrub,
  startStorageScan,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { StorageCheckService } from './storage-check.service.ts';

@Controller()
export class StorageCheckController {
  readonly #checks: StorageCheckService;

  constructor(checks: StorageCheckService) {
    this.#checks = checks;
  }

  @Serve(getKeptBytes)
  keptBytes(@Input() { project }: Call<typeof getKeptBytes>) {
    return this.#checks.keptBytes(project);
  }

  @Serve(listKeptBlobs)
  keptBlobs(@Input() { project, list }: Call<typeof listKeptBlobs>) {
    return this.#checks.keptBlobs(project, list);
  }

  @Serve(listStorageFindings)
  findings(@Input() { list }: Call<typeof listStorageFindings>) {
    return this.#checks.findings(list);
  }

  @Serve(startStorageScan)
  async scan(@Input() { caller }: Call<typeof startStorageScan>) {
    return new Created(`/api/v2.0/executions/${await this.#checks.startScan(caller)}`);
  }

  @Serve(getScrubState)
  scrubState() {
    return this.#checks.scrubState();
  }

  @Serve(startScrub)
  async scrub(@Input() { caller }: Call<typeof startScrub>) {
    return new Created(`/api/v2.0/executions/${await this.#checks.startScrub(caller)}`);
  }
}
