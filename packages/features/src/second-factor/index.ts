export { type FactorMethod, type FactorProof, FactorProofService } from './factor-proof.service.ts';
export {
  type FactorDemand,
  type FactorFacts,
  factorDemand,
  pendingCookie,
  pendingCookieName,
} from './second-factor.rules.ts';
export { SecondFactorModule } from './second-factor.module.ts';
