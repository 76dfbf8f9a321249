import { sqlMigration } from './sql-migration.ts';

/** An item of the trash may be on its way back in batches. */
export const RestoringItems = sqlMigration(1763715600042, 'RestoringItems', {
  up: `
    alter table trash_items drop constraint trash_items_state_check,
      add constraint trash_items_state_check check (state in ('filling', 'kept', 'restoring', 'emptying'));
  `,
  down: `
    alter table trash_items drop constraint trash_items_state_check,
      add constraint trash_items_state_check check (state in ('filling', 'kept', 'emptying'));
  `,
});
