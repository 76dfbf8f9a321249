export type { RegistryNeed } from './challenge.rules.ts';
export { RefreshTokenService } from './refresh-token.service.ts';
export { type GateAnswer, RegistryGate, type RegistryRequest } from './registry-gate.ts';
export { TokenModule } from './token.module.ts';
