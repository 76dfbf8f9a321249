import { sqlMigration } from './sql-migration.ts';

export const GarbageCollection = sqlMigration(1763715600026, 'GarbageCollection', {
  up: `
    -- Since when the stored bytes are known not to be what the digest says; an upload makes them whole again.
    alter table blobs add column damaged_at timestamptz;
    create index blobs_damaged on blobs (digest) where damaged_at is not null;
    -- Blobs whose row went in the transaction that wrote this one. Their bytes go in two steps: out of the way, and away
    -- once nobody can mean them any more who sealed an upload before the first.
    create table removed_blobs (
      digest bytea primary key,
      size bigint not null,
      removed_at timestamptz not null default now(),
      aside_at timestamptz
    );
    create index removed_blobs_aside on removed_blobs (aside_at, digest);

    -- What a look at the storage found wrong.
    create table storage_findings (
      id bigint generated always as identity primary key,
      problem text not null check (problem in ('unknown-object', 'missing-object', 'corrupt-object', 'wrong-size')),
      digest bytea not null,
      size bigint not null,
      state text not null check (state in ('found', 'quarantined', 'set-aside', 'healed')),
      detail text not null,
      execution_id bigint,
      found_at timestamptz not null default now(),
      resolved_at timestamptz
    );
    create index storage_findings_newest on storage_findings (id desc);
    create unique index storage_findings_open on storage_findings (digest, problem) where resolved_at is null;
    -- How far the check of all stored blobs is; one row.
    create table storage_scrub (
      id boolean primary key default true check (id),
      position bytea,
      pass_started_at timestamptz,
      pass_blobs bigint not null default 0,
      pass_bytes bigint not null default 0,
      pass_corrupt bigint not null default 0,
      last_pass_ended_at timestamptz,
      last_pass_blobs bigint not null default 0,
      last_pass_bytes bigint not null default 0,
      last_pass_corrupt bigint not null default 0
    );
    insert into storage_scrub default values;
  `,
  down: `
    drop table storage_scrub, storage_findings, removed_blobs;
    drop index blobs_damaged;
    alter table blobs drop column damaged_at;
  `,
});
