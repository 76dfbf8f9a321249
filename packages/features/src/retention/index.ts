export { RetentionModule } from './retention.module.ts';
export { retentionProcessors } from './retention.processor.ts';
