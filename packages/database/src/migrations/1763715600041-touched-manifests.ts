import { sqlMigration } from './sql-migration.ts';

export const TouchedManifests = sqlMigration(1763715600041, 'TouchedManifests', {
  up: `
    -- When a push last relied on the manifest, also one that found it there already: what it was answered must stay for
    -- the grace time. Pushing again does not make an artifact newer, so this is not push_time.
    alter table manifests add column touched_at timestamptz not null default now();
  `,
  down: 'alter table manifests drop column touched_at',
});
