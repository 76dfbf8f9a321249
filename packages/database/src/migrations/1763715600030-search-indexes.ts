import { sqlMigration } from './sql-migration.ts';

export const SearchIndexes = sqlMigration(1763715600030, 'SearchIndexes', {
  up: `
    create index manifests_listed_newest on manifests (push_time desc, id desc) where is_listed;
    create index manifests_digest on manifests (digest);
    create index manifests_annotations on manifests using gin (annotations) where annotations is not null;
    create index tags_name on tags (name, manifest_id);
    -- The whole of a long list in every order.
    create index tags_type on tags (repository_id, type, id);
    create index tags_pulled on tags (repository_id, (coalesce(pull_time, '-infinity'::timestamptz)), id);
    -- Parts of names. Where the extension is not to be had, names are read from end to end.
    do $$ begin
      create extension if not exists pg_trgm;
      create index repositories_name_parts on repositories using gin (name gin_trgm_ops);
      create index projects_name_parts on projects using gin (name gin_trgm_ops);
      create index tags_name_parts on tags using gin (name gin_trgm_ops);
    exception when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then
      raise notice 'pg_trgm is not available: searches for parts of names use no index';
    end $$;
  `,
  down: `
    drop index if exists tags_name_parts, projects_name_parts, repositories_name_parts;
    drop index tags_pulled, tags_type, tags_name, manifests_annotations, manifests_digest, manifests_listed_newest;
  `,
});
