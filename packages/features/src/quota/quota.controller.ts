import { getProjectQuota, getQuota, listQuotas, syncQuota, updateQuota } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { QuotaService } from './quota.service.ts';

@Controller()
export class QuotaController {
  readonly #quotas: QuotaService;

  constructor(quotas: QuotaService) {
    this.#quotas = quotas;
  }

  @Serve(listQuotas)
  list(@Input() { query, list }: Call<typeof listQuotas>) {
    return this.#quotas.list(query.reference_id, list);
  }

  @Serve(getQuota)
  get(@Input() { params }: Call<typeof getQuota>) {
    return this.#quotas.get(params.id);
  }

  @Serve(updateQuota)
  update(@Input() { caller, params, body }: Call<typeof updateQuota>) {
    const { hard, soft } = body;
    return this.#quotas.changeLimits(caller, params.id, {
      hardBytes: hard?.storage,
      hardArtifacts: hard?.count,
      softBytes: soft?.storage,
    });
  }

  @Serve(syncQuota)
  sync(@Input() { caller }: Call<typeof syncQuota>) {
    return this.#quotas.countAnew(caller);
  }

  @Serve(getProjectQuota)
  ofProject(@Input() { project, query }: Call<typeof getProjectQuota>) {
    return this.#quotas.ofProject(project, query.days);
  }
}
