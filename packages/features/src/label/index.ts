export { LabelModule } from './label.module.ts';
export { labelView } from './label.rules.ts';
export { LabelService } from './label.service.ts';
export { type AttachedLabel, LabelStore } from './label.store.ts';
