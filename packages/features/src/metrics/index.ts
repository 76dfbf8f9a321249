export { type Door, HttpMeter } from './http-meter.ts';
export { MetricsModule } from './metrics.module.ts';
