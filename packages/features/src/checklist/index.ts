export { ChecklistModule } from './checklist.module.ts';
