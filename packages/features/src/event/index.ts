export { EventModule } from './event.module.ts';
export { EventService } from './event.service.ts';
