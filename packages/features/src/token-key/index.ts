export { type KeySnapshot, SigningKeyService } from './signing-key.service.ts';
export { TokenKeyModule } from './token-key.module.ts';
