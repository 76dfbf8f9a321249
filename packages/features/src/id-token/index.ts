export { IdTokenModule } from './id-token.module.ts';
