import { sqlMigration } from './sql-migration.ts';

/** A page far behind the first, asked for by its number, passes over the tags before it in the index alone. */
export const DeepTagPages = sqlMigration(1763715600045, 'DeepTagPages', {
  up: `
    drop index tags_newest;
    create index tags_newest on tags (repository_id, push_time desc, id desc) include (project_id);
  `,
  down: `
    drop index tags_newest;
    create index tags_newest on tags (repository_id, push_time desc, id desc);
  `,
});
