import { sqlMigration } from './sql-migration.ts';

export const ListFlag = sqlMigration(1763715600020, 'ListFlag', {
  up: `
    -- Whether lists show a manifest without being asked for everything: not untagged parts of an index, and not
    -- accessories whose subject is there to show them. Follows from tags, manifest_children and the subjects; kept so
    -- that a page, its order and its total come from an index.
    alter table manifests add column is_listed boolean not null default true;
    create function is_manifest_listed(manifest manifests) returns boolean stable language sql as $$
      select (manifest.accessory_of is null
          or not exists (select from manifests s where s.repository_id = manifest.repository_id and s.digest = manifest.accessory_of))
        and (not exists (select from manifest_children c
            where c.repository_id = manifest.repository_id and c.child_digest = manifest.digest)
          or exists (select from tags t where t.manifest_id = manifest.id))
    $$;
    -- Decides anew about some manifests. The caller holds the row of their repository, so that decisions come one after
    -- the other, and whatever a decision could not see yet is followed by one that does.
    create function relist_manifests(ids bigint[]) returns void language sql as $$
      update manifests set is_listed = not is_listed
      where id = any(ids) and is_listed <> is_manifest_listed(manifests)
    $$;
    update manifests set is_listed = false where not is_manifest_listed(manifests);
    create index manifests_listed on manifests (repository_id, push_time desc, id desc) include (project_id) where is_listed;
    create index manifests_listed_project on manifests (project_id, push_time desc, id desc) where is_listed;

    -- What a push changed besides counters: the manifest, and what its tags pointed at before.
    alter table repository_changes add column manifest_id bigint, add column untagged bytea[] not null default '{}';
    -- Moves pushes into the counters of their repository and lists what they made visible or hid. A function, because
    -- each of its statements sees what was committed before it began, and the second must see what the lock waited for.
    create function settle_repository(repository bigint) returns void language plpgsql as $$
    declare
      changed record;
    begin
      -- Nothing waits for the disk: should the server crash now, the change rows are there again with the old counters.
      perform set_config('synchronous_commit', 'off', true);
      perform from repositories where id = repository for no key update;
      if not found then return; end if;
      with taken as (
        delete from repository_changes where repository_id = repository
        returning artifacts, tags, changed_at, manifest_id, untagged
      )
      select sum(artifacts) as artifacts, sum(tags) as tags, max(changed_at) as last,
        array_agg(manifest_id) as pushed, array(select unnest(untagged) from taken) as untagged
      into changed from taken;
      if changed.last is null then return; end if;
      update repositories set artifact_count = artifact_count + changed.artifacts, tag_count = tag_count + changed.tags,
        last_pushed_at = greatest(last_pushed_at, changed.last), updated_at = greatest(updated_at, changed.last)
      where id = repository;
      perform relist_manifests(array(
        select unnest(changed.pushed)
        union select id from manifests where repository_id = repository and digest = any(changed.untagged)
        union select part.id from manifest_children c join manifests part on part.repository_id = repository and part.digest = c.child_digest
          where c.manifest_id = any(changed.pushed)
        union select a.id from manifests s join manifests a on a.repository_id = repository and a.accessory_of = s.digest
          where s.id = any(changed.pushed)));
    end $$;
  `,
  down: `
    drop function settle_repository(bigint);
    alter table repository_changes drop column manifest_id, drop column untagged;
    drop index manifests_listed_project, manifests_listed;
    drop function relist_manifests(bigint[]);
    drop function is_manifest_listed(manifests);
    alter table manifests drop column is_listed;
  `,
});
