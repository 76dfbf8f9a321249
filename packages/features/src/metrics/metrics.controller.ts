import { getMetrics } from '@moorage/contracts';
import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Serve } from '../http/index.ts';
import { MetricsService } from './metrics.service.ts';

@Controller()
export class MetricsController {
  readonly #metrics: MetricsService;

  constructor(metrics: MetricsService) {
    this.#metrics = metrics;
  }

  @Serve(getMetrics)
  async metrics(@Res() response: Response): Promise<void> {
    response.type('text/plain; version=0.0.4; charset=utf-8').send(await this.#metrics.text());
  }
}
