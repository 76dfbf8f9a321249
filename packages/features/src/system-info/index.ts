export { type Component, Installation } from './component.ts';
export { HealthService } from './health.service.ts';
export { heartbeatPulse } from './system-info.jobs.ts';
export { SystemInfoModule } from './system-info.module.ts';
