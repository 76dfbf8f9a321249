export { JobMonitorModule } from './job-monitor.module.ts';
