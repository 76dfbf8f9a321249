export { CliSecretModule } from './cli-secret.module.ts';
