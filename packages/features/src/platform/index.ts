export { Logger, type LogLevel } from './logger.ts';
export { type Platform, PlatformModule } from './platform.module.ts';
