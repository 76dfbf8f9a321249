export { KeyCheckStore } from './key-check.store.ts';
export { KeyRing, lengthPrefixedMac, SealError, type SealPlace } from './key-ring.ts';
export { SecretModule } from './secret.module.ts';
export {
  equalSecrets,
  generateSecret,
  isGeneratedSecret,
  SECRET_PREFIXES,
  type SecretKind,
  sha256,
} from './secret-text.rules.ts';
