import { sqlMigration } from './sql-migration.ts';

/** A page of the accessories of an artifact, newest first, their number, and whether one is a signature come from the index. */
export const NewestAccessories = sqlMigration(1763715600049, 'NewestAccessories', {
  up: `
    drop index manifests_accessory;
    create index manifests_accessory on manifests (repository_id, accessory_of, push_time desc, id desc)
      include (project_id, accessory_type) where accessory_of is not null;
    drop statistics manifests_place;
    create statistics manifests_place (dependencies) on project_id, repository_id, subject_digest, accessory_of from manifests;
    do $$ begin
      if exists (select from manifests) then analyze manifests; end if;
    end $$;
    -- Every push of a tag runs it: calling a function for an image costs more than the rest of it.
    create or replace function note_tag_artifact() returns trigger language plpgsql as $$
    begin
      select m.size, m.type, case m.kind when 'image'
          then array_remove(array[left(concat_ws('/', m.extra_attrs ->> 'os', m.extra_attrs ->> 'architecture'), 128)], '')
          else platforms_of(m) end
        into new.size, new.type, new.platforms from manifests m where m.id = new.manifest_id;
      new.size := coalesce(new.size, 0);
      new.type := coalesce(new.type, '');
      new.platforms := coalesce(new.platforms, '{}');
      return new;
    end $$;
  `,
  down: `
    create or replace function note_tag_artifact() returns trigger language plpgsql as $$
    begin
      select m.size, m.type, platforms_of(m)
        into new.size, new.type, new.platforms from manifests m where m.id = new.manifest_id;
      new.size := coalesce(new.size, 0);
      new.type := coalesce(new.type, '');
      new.platforms := coalesce(new.platforms, '{}');
      return new;
    end $$;
    drop statistics manifests_place;
    create statistics manifests_place (dependencies) on project_id, repository_id, subject_digest from manifests;
    drop index manifests_accessory;
    create index manifests_accessory on manifests (repository_id, accessory_of, id) where accessory_of is not null;
  `,
});
