import { sqlMigration } from './sql-migration.ts';

export const CreateTrash = sqlMigration(1763715600023, 'CreateTrash', {
  up: `
    -- What was deleted and can come back. A repository, an artifact or a tag is moved here in the transaction that takes
    -- it away; a project stays where it is, marked deleted.
    create table trash_items (
      id bigint generated always as identity primary key,
      project_id int not null references projects on delete cascade,
      kind text not null check (kind in ('tag', 'artifact', 'repository', 'project')),
      -- Full name; null for a project.
      repository text collate "C",
      repository_id bigint,
      -- Of a tag what it pointed at, of an artifact what was asked for; else null.
      digest bytea,
      -- What people call it.
      title text not null,
      -- The first of them by name; tag_count counts all.
      tags text[] not null default '{}',
      tag_count int not null default 0,
      artifact_count int not null default 0,
      -- Manifests and the blobs they need, each digest once.
      bytes bigint not null default 0,
      reason text not null default 'deleted',
      deleted_by text not null,
      execution_id bigint,
      -- What belongs to it beside its content, such as the description of a repository.
      details jsonb not null default '{}',
      -- 'filling': a large repository is on its way here; 'emptying': it is being purged. Neither can be restored.
      state text not null default 'kept' check (state in ('filling', 'kept', 'emptying')),
      deleted_at timestamptz not null default now(),
      expires_at timestamptz not null
    );
    create index trash_items_newest on trash_items (deleted_at desc, id desc);
    create index trash_items_project on trash_items (project_id, deleted_at desc, id desc);
    create index trash_items_repository on trash_items (repository_id) where repository_id is not null;
    create index trash_items_expiry on trash_items (expires_at);
    create index trash_items_unsettled on trash_items (id) where state <> 'kept';

    -- Exactly what was in manifests, with its rows of manifest_blobs, manifest_children and artifact_labels.
    create table trash_manifests (
      item_id bigint not null references trash_items on delete cascade,
      manifest_id bigint not null,
      project_id int not null,
      digest bytea not null,
      payload bytea not null,
      payload_size int not null,
      -- A part that stayed in the repository; it makes the item complete whatever becomes of that part.
      is_copy boolean not null,
      columns jsonb not null,
      blobs jsonb not null,
      children jsonb not null,
      labels jsonb not null,
      primary key (item_id, digest)
    );
    create index trash_manifests_digest on trash_manifests (project_id, digest);
    create table trash_tags (
      item_id bigint not null references trash_items on delete cascade,
      name text collate "C" not null,
      digest bytea not null,
      columns jsonb not null,
      primary key (item_id, name)
    );
    -- Garbage collection keeps every blob that has a row here; so does the reference.
    create table trash_blobs (
      item_id bigint not null references trash_items on delete cascade,
      digest bytea not null references blobs,
      project_id int not null,
      size bigint not null,
      primary key (item_id, digest)
    );
    create index trash_blobs_digest on trash_blobs (digest, project_id);

    -- Each row of trash_manifests and of trash_blobs is one link of its digest; trashed says how many are of these.
    alter table project_blobs add column trashed int not null default 0;
    create index project_blobs_trashed on project_blobs (project_id) include (size) where trashed > 0;

    -- The item a large repository is being moved to; its name is free already.
    alter table repositories add column trash_item_id bigint;
    create index repositories_moving on repositories (trash_item_id) where trash_item_id is not null;

    -- For how many days a project's trash keeps; 0 for not at all.
    create function trash_days_of(project int) returns int stable language sql as $$
      select coalesce(
        (select (metadata ->> 'trash_days')::int from projects where id = project),
        (select (value #>> '{}')::int from settings where key = 'trash_days'), 7)
    $$;

    -- As before, but what left its repository already is nobody's to keep there.
    create or replace function keep_tag() returns trigger language plpgsql as $$
    declare
      rule int;
      hold text;
    begin
      if tg_op = 'UPDATE' and new.digest = old.digest and new.name = old.name and new.repository_id = old.repository_id then
        return new;
      end if;
      hold := hold_of(old.manifest_id);
      if hold is not null then
        raise exception using errcode = 'MR001',
          message = format('the tag %s must stay where it is: its artifact is %s', old.name, hold);
      end if;
      rule := immutable_rule_of(old.project_id, old.repository_id, old.name);
      if rule is not null and not exists (select from repositories where id = old.repository_id and trash_item_id is not null) then
        raise exception using errcode = 'MR001', message = format(
          'the tag %s is immutable (rule %s of the project): push another tag, or have a maintainer change the rule first',
          old.name, rule);
      end if;
      return coalesce(new, old);
    end $$;
  `,
  down: `
    drop function trash_days_of(int);
    alter table repositories drop column trash_item_id;
    alter table project_blobs drop column trashed;
    drop table trash_blobs, trash_tags, trash_manifests, trash_items;
  `,
});
