import { sqlMigration } from './sql-migration.ts';

export const DependentColumns = sqlMigration(1763715600047, 'DependentColumns', {
  up: `
    -- A repository is in one project and a subject in hardly more than one repository. Who takes them for independent expects
    -- ten referrers where there are ten thousand, and sorts these rather than read an index in their order.
    create statistics manifests_place (dependencies) on project_id, repository_id, subject_digest from manifests;
    create statistics tags_place (dependencies) on project_id, repository_id from tags;
    -- An empty table must not be looked at: it would count as one that stays empty.
    do $$ begin
      if exists (select from manifests) then analyze manifests; end if;
      if exists (select from tags) then analyze tags; end if;
    end $$;
    -- Repositories of all projects, newest first.
    create index repositories_newest on repositories (created_at desc, id desc) include (project_id) where first_pushed_at is not null;
  `,
  down: 'drop index repositories_newest; drop statistics tags_place, manifests_place',
});
