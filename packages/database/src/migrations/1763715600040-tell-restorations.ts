import { sqlMigration } from './sql-migration.ts';

const noteTagMove = (insertion: string) => `
  create or replace function note_tag_move() returns trigger language plpgsql as $$
  declare
    told jsonb := nullif(current_setting('moorage.tag_change', true), '')::jsonb;
  begin
    if tg_op <> 'DELETE' then
      insert into tag_moves (project_id, repository_id, tag, old_digest, new_digest, operation, moved_by, moved_from)
      values (new.project_id, new.repository_id, new.name, case when tg_op = 'UPDATE' then old.digest end, new.digest, ${insertion});
      return null;
    end if;
    -- Who takes a tag off says who it was by a setting of the transaction, as the row cannot tell.
    insert into tag_moves (project_id, repository_id, tag, old_digest, operation, moved_by, moved_from)
    select old.project_id, old.repository_id, old.name, old.digest, coalesce(told ->> 'how', 'delete'),
      coalesce(told ->> 'by', ''), told ->> 'from'
    from repositories where id = old.repository_id;
    return null;
  end $$;
`;

/** A tag that comes out of the trash keeps who pushed it; its history tells who brought it back, by the same setting. */
export const TellRestorations = sqlMigration(1763715600040, 'TellRestorations', {
  up: noteTagMove(`coalesce(told ->> 'how', new.pushed_how), coalesce(told ->> 'by', new.pushed_by),
        case when told is null then new.pushed_from else told ->> 'from' end`),
  down: noteTagMove('new.pushed_how, new.pushed_by, new.pushed_from'),
});
