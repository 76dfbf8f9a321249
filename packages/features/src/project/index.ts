export { ProjectModule } from './project.module.ts';
export { ProjectService } from './project.service.ts';
export { writeRetentionId } from './project.store.ts';
