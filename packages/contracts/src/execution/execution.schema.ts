import { z } from 'zod';
import { sentBackTime, time } from '../wire/fields.ts';

/** Kinds of schedules on the wire. `Manual` starts a run now, `None` removes the schedule; neither is kept. */
export const SCHEDULE_TYPES = ['Hourly', 'Daily', 'Weekly', 'Monthly', 'Custom', 'Manual', 'None'] as const;
export type ScheduleType = (typeof SCHEDULE_TYPES)[number];

/** When something recurs: six cron fields, the seconds always 0, in UTC. */
export const scheduleObject = z
  .object({
    type: z.string(),
    cron: z.string(),
    next_scheduled_time: time.optional(),
  })
  .meta({ id: 'ScheduleObj' });
export type ScheduleObject = z.infer<typeof scheduleObject>;

/** The schedule of one thing; `type` None when it has none. */
export const schedule = z
  .object({
    id: z.int().optional(),
    status: z.string().optional(),
    creation_time: time.optional(),
    update_time: time.optional(),
    schedule: scheduleObject,
    parameters: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Schedule' });
export type Schedule = z.infer<typeof schedule>;

/** When something shall recur. Without `cron` the usual time of its kind is taken; Custom needs one. */
export const newScheduleObject = z.strictObject({
  type: z.enum(SCHEDULE_TYPES),
  cron: z.string().max(256).nullish(),
  next_scheduled_time: sentBackTime,
});
export type NewScheduleObject = z.infer<typeof newScheduleObject>;

/** What clients send to set a schedule; `parameters` are those of the kind of work. */
export function scheduleUpdate<Parameters extends z.ZodType>(parameters: Parameters) {
  return z.strictObject({
    id: z.int().nullish(),
    status: z.string().max(64).nullish(),
    creation_time: sentBackTime,
    update_time: sentBackTime,
    schedule: newScheduleObject,
    parameters,
  });
}

const count = z.int().min(0);

/** One run of something. */
export const execution = z
  .object({
    id: z.int(),
    vendor_type: z.string(),
    vendor_id: z.int(),
    project_id: z.int().optional(),
    status: z.string(),
    status_message: z.string(),
    trigger: z.string(),
    created_by: z.string(),
    extra_attrs: z.record(z.string(), z.unknown()),
    metrics: z
      .object({
        task_count: count,
        success_task_count: count,
        error_task_count: count,
        pending_task_count: count,
        running_task_count: count,
        stopped_task_count: count,
      })
      .meta({ id: 'Metrics' }),
    creation_time: time,
    start_time: time.optional(),
    end_time: time.optional(),
    update_time: time,
  })
  .meta({ id: 'Execution' });
export type Execution = z.infer<typeof execution>;

/** One part of a run. */
export const task = z
  .object({
    id: z.int(),
    execution_id: z.int(),
    job: z.string(),
    status: z.string(),
    status_message: z.string(),
    run_count: count,
    extra_attrs: z.record(z.string(), z.unknown()),
    creation_time: time,
    start_time: time.optional(),
    end_time: time.optional(),
    update_time: time,
  })
  .meta({ id: 'Task' });
export type Task = z.infer<typeof task>;
