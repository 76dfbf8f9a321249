import { sqlMigration } from './sql-migration.ts';

export const TagHistory = sqlMigration(1763715600029, 'TagHistory', {
  up: String.raw`
    /*
     * What tags are ordered by as versions. Names that read as versions (1, v1.2, 1.2.3-rc.1) stand above all others, by
     * the precedence of semantic versioning; a missing part counts as 0. The others are in natural order: runs of digits
     * compare as numbers. Numbers get 20 digits. '!' ends the numbers of a pre-release, '#' those of a release, '.' tells
     * that more follow; a space separates identifiers, of which numbers come first. No queries in here: every push runs it.
     */
    create function version_key(name text) returns text immutable strict parallel safe language plpgsql as $$
    declare
      zeros constant text := '00000000000000000000';
      release text;
      dash int;
      numbers text;
      key text;
    begin
      if name !~ '^[vV]?[0-9]+(?:\.[0-9]+)*(?:-[0-9A-Za-z.-]+)?(?:[+_].*)?$' or name ~ '[0-9]{21}' then
        return '1' || regexp_replace(regexp_replace(name, '([0-9]+)', zeros || '\1', 'g'), '[0-9]*([0-9]{20})', '\1', 'g');
      end if;
      release := split_part(split_part(ltrim(name, 'vV'), '+', 1), '_', 1);
      dash := strpos(release, '-');
      numbers := case when dash = 0 then release else left(release, dash - 1) end;
      key := '2' || lpad(split_part(numbers, '.', 1), 20, '0') || lpad(split_part(numbers, '.', 2), 20, '0')
        || lpad(split_part(numbers, '.', 3), 20, '0');
      if split_part(numbers, '.', 4) <> '' then
        key := key || regexp_replace(regexp_replace(regexp_replace(numbers, '^[0-9]+\.[0-9]+\.[0-9]+', ''),
          '([0-9]+)', zeros || '\1', 'g'), '[0-9]*([0-9]{20})', '\1', 'g');
      end if;
      if dash = 0 then return key || '#'; end if;
      return key || '!' || replace(regexp_replace(
        regexp_replace('.' || substr(release, dash + 1), '\.([0-9]+)(?=\.|$)', ' 0' || zeros || '\1', 'g'),
        ' 0[0-9]*([0-9]{20})(?=[. ]|$)', ' 0\1', 'g'), '.', ' 1');
    end $$;

    alter table tags
      add column version_key text collate "C" generated always as (version_key(name)) stored,
      -- Of the artifact, so that a list of tags is filtered and sorted without it.
      add column size bigint not null default 0,
      add column type text not null default '',
      -- How the tag came to where it is (push, tag, copy, revert, restore, …), and the client's address.
      add column pushed_how text not null default 'push',
      add column pushed_from text;
    update tags set size = m.size, type = m.type from manifests m where m.id = tags.manifest_id;
    create index tags_version on tags (repository_id, version_key, id);
    create index tags_size on tags (repository_id, size, id);

    create function note_tag_artifact() returns trigger language plpgsql as $$
    begin
      select m.size, m.type into new.size, new.type from manifests m where m.id = new.manifest_id;
      new.size := coalesce(new.size, 0);
      new.type := coalesce(new.type, '');
      return new;
    end $$;
    create trigger tags_artifact before insert or update of manifest_id on tags
      for each row execute function note_tag_artifact();
    create function pass_size_to_tags() returns trigger language plpgsql as $$
    begin
      update tags set size = new.size where manifest_id = new.id;
      return null;
    end $$;
    -- An index grows when a part arrives after it.
    create trigger manifests_size after update of size on manifests
      for each row when (new.size <> old.size) execute function pass_size_to_tags();

    /*
     * Every move of a tag, written by the statement that moves it. Not tied to repositories: what comes back from the
     * trash finds its history again. The worker removes what has no repository any more.
     */
    create table tag_moves (
      id bigint generated always as identity primary key,
      project_id int not null,
      repository_id bigint not null,
      tag text collate "C" not null,
      old_digest bytea,
      new_digest bytea,
      operation text not null,
      moved_by text not null,
      moved_from text,
      moved_at timestamptz not null default now()
    );
    create index tag_moves_tag on tag_moves (repository_id, tag, id desc);
    create index tag_moves_newest on tag_moves (repository_id, id desc);

    create function note_tag_move() returns trigger language plpgsql as $$
    declare
      told jsonb;
    begin
      if tg_op <> 'DELETE' then
        insert into tag_moves (project_id, repository_id, tag, old_digest, new_digest, operation, moved_by, moved_from)
        values (new.project_id, new.repository_id, new.name, case when tg_op = 'UPDATE' then old.digest end, new.digest,
          new.pushed_how, new.pushed_by, new.pushed_from);
        return null;
      end if;
      -- Who takes a tag off says who it was by a setting of the transaction, as the row cannot tell.
      told := nullif(current_setting('moorage.tag_change', true), '')::jsonb;
      insert into tag_moves (project_id, repository_id, tag, old_digest, operation, moved_by, moved_from)
      select old.project_id, old.repository_id, old.name, old.digest, coalesce(told ->> 'how', 'delete'),
        coalesce(told ->> 'by', ''), told ->> 'from'
      from repositories where id = old.repository_id;
      return null;
    end $$;
    create trigger tags_made after insert or delete on tags for each row execute function note_tag_move();
    create trigger tags_moved after update of digest on tags
      for each row when (new.digest <> old.digest) execute function note_tag_move();
    insert into tag_moves (project_id, repository_id, tag, old_digest, new_digest, operation, moved_by, moved_at)
      select project_id, repository_id, name, previous_digest, digest, pushed_how, pushed_by, push_time from tags order by push_time;

    -- Pulls by day (UTC), for 90 days. By digest, so that they outlive a time in the trash.
    create table artifact_pull_days (
      repository_id bigint not null,
      digest bytea not null,
      day date not null,
      pulls bigint not null,
      primary key (repository_id, digest, day)
    );
    create index artifact_pull_days_day on artifact_pull_days (day);
  `,
  down: `
    drop table artifact_pull_days;
    drop trigger tags_moved on tags; drop trigger tags_made on tags; drop function note_tag_move();
    drop table tag_moves;
    drop trigger manifests_size on manifests; drop trigger tags_artifact on tags;
    drop function pass_size_to_tags(); drop function note_tag_artifact();
    alter table tags drop column pushed_from, drop column pushed_how, drop column type, drop column size,
      drop column version_key;
    drop function version_key(text);
  `,
});
