import { sqlMigration } from './sql-migration.ts';

/**
 * What runs that delete in the background still have to look at (no reason), and what they left and why. A row goes when
 * its tag or artifact goes.
 */
export const RemovalItems = sqlMigration(1763715600043, 'RemovalItems', {
  up: `
    create table removal_items (
      execution_id bigint not null references executions (id) on delete cascade,
      item integer not null,
      tag text,
      digest bytea,
      reason text,
      detail text not null default '',
      primary key (execution_id, item)
    );
    create index removal_items_pending on removal_items (execution_id, item) where reason is null;
    create index removal_items_digest on removal_items (execution_id, digest) where tag is null;
  `,
  down: 'drop table removal_items;',
});
