export { FederationModule } from './federation.module.ts';
