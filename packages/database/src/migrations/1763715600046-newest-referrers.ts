import { sqlMigration } from './sql-migration.ts';

/** A page of the referrers of an artifact, newest push first, and their number come from the index. */
export const NewestReferrers = sqlMigration(1763715600046, 'NewestReferrers', {
  up: `
    create index manifests_subject_newest on manifests (repository_id, subject_digest, push_time desc, id desc)
      include (project_id) where subject_digest is not null;
  `,
  down: 'drop index manifests_subject_newest',
});
