import { sqlMigration } from './sql-migration.ts';

export const AuditEachPull = sqlMigration(1763715600019, 'AuditEachPull', {
  up: `
    -- One event may tell of several alike things, such as pulls; each is a row.
    alter table audit_logs add column event_part int not null default 0;
    alter table audit_logs drop constraint audit_logs_op_time_event_id_key;
    alter table audit_logs add unique (op_time, event_id, event_part);
  `,
  down: `
    delete from audit_logs where event_part > 0;
    alter table audit_logs drop constraint audit_logs_op_time_event_id_event_part_key;
    alter table audit_logs add unique (op_time, event_id);
    alter table audit_logs drop column event_part;
  `,
});
