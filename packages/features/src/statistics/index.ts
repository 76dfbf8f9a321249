export { StatisticsModule } from './statistics.module.ts';
export { StatisticsService } from './statistics.service.ts';
