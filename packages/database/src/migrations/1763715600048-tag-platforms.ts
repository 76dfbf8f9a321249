import { sqlMigration } from './sql-migration.ts';

export const TagPlatforms = sqlMigration(1763715600048, 'TagPlatforms', {
  up: `
    -- os/architecture/variant: of an image its own, of an index those of its parts. The first 64, as a row of tags must stay small.
    create function platforms_of(manifest manifests) returns text[] stable language sql as $$
      select case manifest.kind
        when 'image' then array_remove(
          array[left(concat_ws('/', manifest.extra_attrs ->> 'os', manifest.extra_attrs ->> 'architecture'), 128)], '')
        else array(
          select distinct left(concat_ws('/', c.platform ->> 'os', c.platform ->> 'architecture', nullif(c.platform ->> 'variant', '')), 128)
          from manifest_children c where c.manifest_id = manifest.id and c.platform ->> 'os' not in ('', 'unknown') order by 1 limit 64)
      end
    $$;
    -- Of the artifact, like size and type: a hundred thousand tags are counted and filtered by it without their manifests.
    alter table tags add column platforms text[] not null default '{}';
    update tags set platforms = platforms_of(m) from manifests m where m.id = tags.manifest_id and platforms_of(m) <> '{}';
    create or replace function note_tag_artifact() returns trigger language plpgsql as $$
    begin
      select m.size, m.type, platforms_of(m) into new.size, new.type, new.platforms from manifests m where m.id = new.manifest_id;
      new.size := coalesce(new.size, 0);
      new.type := coalesce(new.type, '');
      new.platforms := coalesce(new.platforms, '{}');
      return new;
    end $$;
    -- An index and its tags are written by one statement, in which the parts may come last.
    create function pass_platforms_to_tags() returns trigger language plpgsql as $$
    begin
      update tags t set platforms = platforms_of(m) from manifests m
      where m.id in (select manifest_id from added) and t.manifest_id = m.id and t.platforms <> platforms_of(m);
      return null;
    end $$;
    create trigger manifest_children_platforms after insert on manifest_children referencing new table as added
      for each statement execute function pass_platforms_to_tags();
  `,
  down: `
    drop trigger manifest_children_platforms on manifest_children; drop function pass_platforms_to_tags();
    create or replace function note_tag_artifact() returns trigger language plpgsql as $$
    begin
      select m.size, m.type into new.size, new.type from manifests m where m.id = new.manifest_id;
      new.size := coalesce(new.size, 0);
      new.type := coalesce(new.type, '');
      return new;
    end $$;
    alter table tags drop column platforms;
    drop function platforms_of(manifests);
  `,
});
