export { RemovalModule } from './removal.module.ts';
export { removalProcessor } from './removal.processor.ts';
