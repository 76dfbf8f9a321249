import { sqlMigration } from './sql-migration.ts';

export const UploadRoom = sqlMigration(1763715600021, 'UploadRoom', {
  up: `
    -- Bytes the running request announced or has brought so far; they take room before they are acknowledged.
    alter table uploads add column incoming_bytes bigint not null default 0;
    -- What one upload may bring to a limited project: what the quota leaves beside all uploads that are alive. Those that
    -- stopped a minute ago give their room to the next attempt, but all together never take more than four times the
    -- limit until they expire. No row for a project without a limit.
    create function upload_room(project int, upload uuid, enforced boolean)
      returns table (used bigint, hard bigint, room bigint) stable language sql as $$
      select allowance.used, allowance.hard, least(allowance.hard - allowance.used - alive, 4 * allowance.hard - allowance.used - everything)
      from (
        select hard_bytes as hard, used_bytes
          + (select coalesce(sum(bytes), 0) from quota_ledger where project_id = project)::bigint as used
        from quotas where project_id = project and hard_bytes >= 0 and enforced
      ) allowance, lateral (
        select coalesce(sum(offset_bytes + incoming_bytes), 0)::bigint as everything,
          coalesce(sum(offset_bytes + incoming_bytes)
            filter (where claimed_until > now() or last_active_at > now() - interval '1 minute'), 0)::bigint as alive
        from uploads where project_id = project and id is distinct from upload
      ) others
    $$;
  `,
  down: 'drop function upload_room(int, uuid, boolean); alter table uploads drop column incoming_bytes',
});
