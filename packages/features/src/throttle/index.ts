export { AdmissionGate } from './admission-gate.ts';
export { ThrottleModule } from './throttle.module.ts';
export { type AttemptLimit, NAME_LIMIT } from './throttle.rules.ts';
export { type Attempt, ThrottleService } from './throttle.service.ts';
