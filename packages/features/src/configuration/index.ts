export { ConfigurationModule } from './configuration.module.ts';
