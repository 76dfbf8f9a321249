export { SourceLoginModule } from './source-login.module.ts';
