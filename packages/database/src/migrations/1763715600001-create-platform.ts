import { sqlMigration } from './sql-migration.ts';

export const CreatePlatform = sqlMigration(1763715600001, 'CreatePlatform', {
  up: `
    create table settings (
      key text primary key,
      value jsonb not null,
      updated_at timestamptz not null default now(),
      updated_by text not null
    );

    -- Domain events. Written in the transaction of the change they tell of; readers go by (transaction, id) and stay
    -- below the oldest running transaction, so nothing that commits late is skipped.
    create table outbox_events (
      id bigint generated always as identity primary key,
      transaction xid8 not null default pg_current_xact_id(),
      name text not null,
      project_id int,
      payload jsonb not null,
      occurred_at timestamptz not null default now()
    );
    create index outbox_events_order on outbox_events (transaction, id);
    create table outbox_consumers (
      name text primary key,
      last_transaction xid8 not null default '0',
      last_id bigint not null default 0,
      updated_at timestamptz not null default now()
    );

    create table audit_logs (
      id bigint generated always as identity,
      -- The outbox event a row came from: delivering twice writes once.
      event_id bigint not null,
      op_time timestamptz not null,
      project_id int,
      actor_kind text not null,
      actor_id int,
      username text not null,
      credential_kind text not null,
      client_address text not null,
      user_agent text not null,
      request_id text not null,
      resource_type text not null,
      resource text not null,
      operation text not null,
      operation_description text not null,
      operation_result boolean not null,
      status int not null,
      before jsonb,
      after jsonb,
      primary key (op_time, id),
      unique (op_time, event_id)
    ) partition by range (op_time);
    create index audit_logs_newest on audit_logs (id desc);
    create index audit_logs_project on audit_logs (project_id, op_time desc, id desc);
    create index audit_logs_username on audit_logs (username, op_time desc, id desc);
    create index audit_logs_type on audit_logs (resource_type, operation, op_time desc, id desc);
    create table audit_logs_rest partition of audit_logs default;
    -- Makes the partition of a month, taking along what the default partition holds of it. True when it was missing.
    create function ensure_audit_month(month date) returns boolean language plpgsql as $$
    declare
      name text := 'audit_logs_' || to_char(month, 'YYYY_MM');
      lower timestamptz := date_trunc('month', month::timestamp) at time zone 'UTC';
      upper timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') at time zone 'UTC';
    begin
      if to_regclass(name) is not null then return false; end if;
      perform pg_advisory_xact_lock(4120261122);
      -- Not to_regclass: it may still remember that the table was missing before the lock.
      if exists (select from pg_class where relname = name and relkind = 'r') then return false; end if;
      execute format('create table %I (like audit_logs including defaults including constraints)', name);
      -- The parent first: a row that chose the default partition before it knew of the new one would be refused there.
      lock table audit_logs in share row exclusive mode;
      lock table audit_logs_rest in access exclusive mode;
      execute format('with moved as (delete from audit_logs_rest where op_time >= %L and op_time < %L returning *)
        insert into %I select * from moved', lower, upper, name);
      execute format('alter table audit_logs attach partition %I for values from (%L) to (%L)', name, lower, upper);
      return true;
    end $$;

    create table executions (
      id bigint generated always as identity primary key,
      vendor_type text not null,
      vendor_id bigint not null default 0,
      status text not null,
      status_message text not null default '',
      trigger text not null,
      extra_attrs jsonb not null default '{}',
      created_by text not null default '',
      created_at timestamptz not null default now(),
      started_at timestamptz,
      ended_at timestamptz,
      updated_at timestamptz not null default now()
    );
    create index executions_vendor on executions (vendor_type, vendor_id, id desc);
    create index executions_open on executions (id) where ended_at is null;
    create table tasks (
      id bigint generated always as identity primary key,
      execution_id bigint not null references executions on delete cascade,
      job text not null,
      payload jsonb not null default '{}',
      status text not null,
      status_message text not null default '',
      attempts int not null default 0,
      extra_attrs jsonb not null default '{}',
      -- When the queue was last told of this task; the reconciler tells it again when it seems to have forgotten.
      enqueued_at timestamptz,
      heartbeat_at timestamptz,
      created_at timestamptz not null default now(),
      started_at timestamptz,
      ended_at timestamptz,
      updated_at timestamptz not null default now()
    );
    create index tasks_execution on tasks (execution_id, id);
    create index tasks_open on tasks (id) where ended_at is null;
    create table schedules (
      id bigint generated always as identity primary key,
      name text not null unique,
      vendor_type text not null,
      vendor_id bigint not null default 0,
      cron text not null,
      payload jsonb not null default '{}',
      enabled boolean not null default true,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    -- When a part that has no connection of its own was last seen at work, for example the worker.
    create table heartbeats (
      name text primary key,
      seen_at timestamptz not null
    );
    -- One row per due tick that was started: two workers can not start the same tick twice.
    create table schedule_ticks (
      schedule_id bigint not null references schedules on delete cascade,
      tick timestamptz not null,
      execution_id bigint references executions on delete set null,
      primary key (schedule_id, tick)
    );
  `,
  down: 'drop function ensure_audit_month(date); drop table heartbeats, schedule_ticks, schedules, tasks, executions, audit_logs, outbox_consumers, outbox_events, settings',
});
