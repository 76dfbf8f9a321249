import { sqlMigration } from './sql-migration.ts';

export const JobSurface = sqlMigration(1763715600025, 'JobSurface', {
  up: `
    -- Whose work it is; null for work of the installation.
    alter table executions add column project_id int;
    create index executions_newest on executions (id desc);
    -- The worker that runs the task, and how many lines of log it has.
    alter table tasks add column worker_id uuid, add column log_lines int not null default 0;
    create index tasks_worker on tasks (worker_id) where ended_at is null;
    create index tasks_unannounced on tasks (id) where ended_at is null and enqueued_at is null;
    create table task_logs (
      task_id bigint not null references tasks on delete cascade,
      id bigint generated always as identity,
      logged_at timestamptz not null default now(),
      level text not null,
      text text not null,
      primary key (task_id, id)
    );

    -- Schedules people make, beside those the product comes with: one for each thing that can have one.
    alter table schedules add column kind text not null default 'Custom', add column job text,
      add column project_id int, add column created_by text not null default 'system',
      -- Ticks before this moment are none of its: the schedule was set then.
      add column counts_from timestamptz not null default now();
    update schedules set counts_from = created_at;

    -- Kinds of work that wait until an administrator lets them go on; SCHEDULER stands for all schedules.
    create table paused_queues (
      vendor_type text primary key,
      paused_by text not null,
      paused_at timestamptz not null default now()
    );
    create table worker_pools (
      id uuid primary key,
      host text not null,
      pid int not null,
      concurrency int not null,
      started_at timestamptz not null default now(),
      heartbeat_at timestamptz not null default now()
    );
  `,
  down: `
    drop table worker_pools, paused_queues, task_logs;
    alter table schedules drop column kind, drop column job, drop column project_id, drop column created_by, drop column counts_from;
    drop index tasks_unannounced, tasks_worker;
    alter table tasks drop column worker_id, drop column log_lines;
    drop index executions_newest;
    alter table executions drop column project_id;
  `,
});
