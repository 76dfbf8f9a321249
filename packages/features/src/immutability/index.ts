export { ImmutabilityModule } from './immutability.module.ts';
