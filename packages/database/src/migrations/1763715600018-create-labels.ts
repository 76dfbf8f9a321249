import { sqlMigration } from './sql-migration.ts';

export const CreateLabels = sqlMigration(1763715600018, 'CreateLabels', {
  up: `
    create table labels (
      id int generated always as identity primary key,
      -- Null: a label of the whole installation.
      project_id int references projects on delete cascade,
      name text not null,
      description text not null default '',
      color text not null default '',
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create unique index labels_name on labels (coalesce(project_id, 0), name);

    create table artifact_labels (
      manifest_id bigint not null references manifests on delete cascade,
      label_id int not null references labels on delete cascade,
      project_id int not null,
      created_at timestamptz not null default now(),
      primary key (manifest_id, label_id)
    );
    create index artifact_labels_label on artifact_labels (label_id, manifest_id);
  `,
  down: 'drop table artifact_labels, labels',
});
