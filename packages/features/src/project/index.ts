export { ProjectModule } from './project.module.ts';
export { ProjectService } from './project.service.ts';
