export { SettingsModule } from './settings.module.ts';
export { READ_ONLY_REFUSAL, READ_ONLY_RUN } from './settings.rules.ts';
export { SettingsService } from './settings.service.ts';
