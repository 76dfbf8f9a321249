import { sqlMigration } from './sql-migration.ts';

export const StorageCheck = sqlMigration(1763715600034, 'StorageCheck', {
  up: `
    -- Objects the database did not know stay aside for longer: should a backup be older than they are, they can come back.
    alter table removed_blobs add column keep_until timestamptz;
  `,
  down: 'alter table removed_blobs drop column keep_until',
});
