export { externalUrlOf, listeningUrlOf } from './address.rules.ts';
export { ConfigError } from './config-error.ts';
export { type Config, type Environment, loadConfig, loadConfigOrExit } from './load.ts';
export { configurationReference, environmentExample } from './reference.ts';
export { Secret } from './secret.ts';
export { ensureSecretKey } from './secret-key.ts';
