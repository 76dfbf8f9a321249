export { RepositoryModule } from './repository.module.ts';
export { RepositoryService } from './repository.service.ts';
