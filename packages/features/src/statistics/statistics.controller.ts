import { getStatistic } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { StatisticsService } from './statistics.service.ts';

@Controller()
export class StatisticsController {
  readonly #statistics: StatisticsService;

  constructor(statistics: StatisticsService) {
    this.#statistics = statistics;
  }

  @Serve(getStatistic)
  get(@Input() { caller }: Call<typeof getStatistic>) {
    return this.#statistics.get(caller.principal);
  }
}
