import { sqlMigration } from './sql-migration.ts';

const platformsOf = (ofImage: string) => `
  create or replace function platforms_of(manifest manifests) returns text[] stable language sql as $$
    select case manifest.kind
      when 'image' then array_remove(array[left(concat_ws('/', ${ofImage}), 128)], '')
      else array(
        select distinct left(concat_ws('/', c.platform ->> 'os', c.platform ->> 'architecture', nullif(c.platform ->> 'variant', '')), 128)
        from manifest_children c where c.manifest_id = manifest.id and c.platform ->> 'os' not in ('', 'unknown') order by 1 limit 64)
    end
  $$;`;
const OS_AND_ARCHITECTURE = `manifest.extra_attrs ->> 'os', manifest.extra_attrs ->> 'architecture'`;

/** An image has its variant too; what was pushed before does not say which, so nothing changes for it. */
export const ImageVariants = sqlMigration(1763715600050, 'ImageVariants', {
  up: platformsOf(`${OS_AND_ARCHITECTURE}, nullif(manifest.extra_attrs ->> 'variant', '')`),
  down: platformsOf(OS_AND_ARCHITECTURE),
});
