export { ProvenPersonService } from './proven-person.service.ts';
export { SourceLoginModule } from './source-login.module.ts';
