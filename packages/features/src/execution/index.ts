export { ExecutionModule } from './execution.module.ts';
export { executionAnswer, taskAnswer, vendorAccess } from './execution.rules.ts';
export { ExecutionService, tellExecution } from './execution.service.ts';
export { sendLog } from './log-answer.ts';
export { ScheduleService } from './schedule.service.ts';
export { scheduleObjectOf, scheduleWish, type ScheduleWish } from './schedule-time.ts';
