import { getApiVersion, getHealth, getPing, getSystemInfo, getVolumes } from '@moorage/contracts';
import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Call, Input, Serve } from '../http/index.ts';
import { HealthService } from './health.service.ts';
import { SystemInfoService } from './system-info.service.ts';

@Controller()
export class SystemInfoController {
  readonly #info: SystemInfoService;
  readonly #health: HealthService;

  constructor(info: SystemInfoService, health: HealthService) {
    this.#info = info;
    this.#health = health;
  }

  @Serve(getPing)
  ping(@Res() response: Response): void {
    response.type('text/plain').send('Pong');
  }

  @Serve(getHealth)
  health(@Input() { caller: { principal } }: Call<typeof getHealth>) {
    return this.#health.overall(principal.kind === 'user' && principal.isSysadmin);
  }

  @Serve(getSystemInfo)
  general(@Input() { caller, request }: Call<typeof getSystemInfo>) {
    return this.#info.general(caller, request);
  }

  @Serve(getVolumes)
  volumes() {
    return this.#info.volumes();
  }

  @Serve(getApiVersion)
  version() {
    return { version: 'v2.0' };
  }
}
