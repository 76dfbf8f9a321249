import { sqlMigration } from './sql-migration.ts';

export const CreateCatalog = sqlMigration(1763715600003, 'CreateCatalog', {
  up: `
    -- Digests are stored as one algorithm byte (the multihash code) and the raw value: 33 bytes instead of 71.
    create function digest_bytes(digest text) returns bytea immutable strict parallel safe language sql as $$
      select case split_part(digest, ':', 1) when 'sha256' then '\\x12'::bytea when 'sha512' then '\\x13'::bytea end
        || decode(split_part(digest, ':', 2), 'hex')
    $$;
    create function digest_text(digest bytea) returns text immutable strict parallel safe language sql as $$
      select case get_byte(digest, 0) when 18 then 'sha256:' when 19 then 'sha512:' end || encode(substr(digest, 2), 'hex')
    $$;

    create table repositories (
      id bigint generated always as identity primary key,
      project_id int not null references projects on delete cascade,
      -- Full name, project first. Unique by project only: what a deleted project left behind must not block its successor.
      name text collate "C" not null,
      description text not null default '',
      pull_count bigint not null default 0,
      artifact_count bigint not null default 0,
      tag_count bigint not null default 0,
      -- Null until the first manifest: a repository with nothing but blobs is not shown.
      first_pushed_at timestamptz,
      last_pushed_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (project_id, name)
    ) with (fillfactor = 80);
    -- Pushes on their way into the counters above, so that pushes to one repository do not wait for each other's commit.
    create table repository_changes (
      repository_id bigint not null,
      artifacts int not null,
      tags int not null,
      changed_at timestamptz not null default now()
    );
    create index repository_changes_repository on repository_changes (repository_id);
    create index repositories_name on repositories (name, project_id);
    create index repositories_project_newest on repositories (project_id, created_at desc, id desc) where first_pushed_at is not null;

    create table blobs (
      digest bytea primary key,
      size bigint not null,
      created_at timestamptz not null default now(),
      -- Lease: uploads, mounts and HEAD answers renew it; garbage collection keeps its distance.
      last_touched_at timestamptz not null default now()
    );
    create table repository_blobs (
      repository_id bigint not null references repositories on delete cascade,
      digest bytea not null references blobs,
      project_id int not null,
      size bigint not null,
      created_at timestamptz not null default now(),
      primary key (repository_id, digest)
    );
    create index repository_blobs_digest on repository_blobs (digest, project_id);
    -- What a project is charged for: each distinct blob and manifest once, however many repositories link it.
    -- Not tied to its project by a foreign key: every push would lock the project's row. What a deleted project leaves is
    -- removed with it.
    create table project_blobs (
      project_id int not null,
      digest bytea not null,
      size bigint not null,
      links int not null,
      primary key (project_id, digest)
    );

    create table uploads (
      id uuid primary key,
      project_id int not null,
      -- By name: a repository exists once it has content, and an upload is none yet.
      repository text collate "C" not null,
      caller_id text not null,
      algorithm text,
      offset_bytes bigint not null default 0,
      -- The request that is appending, and until when its process is believed to live.
      claimed_by uuid,
      claimed_until timestamptz,
      created_at timestamptz not null default now(),
      last_active_at timestamptz not null default now()
    ) with (fillfactor = 80);
    create index uploads_idle on uploads (last_active_at);
    create index uploads_caller on uploads (caller_id);
    create index uploads_project on uploads (project_id);

    create table manifests (
      id bigint generated always as identity primary key,
      repository_id bigint not null references repositories on delete cascade,
      project_id int not null,
      digest bytea not null,
      media_type text not null,
      -- Exactly the bytes that were pushed.
      payload bytea not null,
      -- Length of the payload.
      payload_size int generated always as (octet_length(payload)) stored,
      kind text not null check (kind in ('image', 'index')),
      artifact_type text,
      config_media_type text,
      config_digest bytea,
      subject_digest bytea,
      -- Of what this manifest is an accessory, by subject or by tag scheme, and of which kind.
      accessory_of bytea,
      accessory_type text,
      -- Harbor's type: IMAGE, CHART, CNAB, WASM, CNAI, SBOM or derived from the media type.
      type text not null,
      -- Payload, config and layers; of an index the sum over its children.
      size bigint not null,
      -- Levels of indexes below: 0 for an image.
      depth smallint not null default 0,
      annotations jsonb,
      -- Lets a page of referrers end before it grows too large without reading the annotations.
      annotations_size int generated always as (coalesce(octet_length(annotations::text), 0)) stored,
      extra_attrs jsonb not null default '{}',
      pushed_by text not null,
      push_time timestamptz not null default now(),
      pull_time timestamptz,
      unique (repository_id, digest)
    );
    create index manifests_newest on manifests (repository_id, push_time desc, id desc);
    create index manifests_subject on manifests (repository_id, subject_digest, id desc) where subject_digest is not null;
    create index manifests_subject_type on manifests (repository_id, subject_digest, artifact_type, id desc) where subject_digest is not null;
    create index manifests_accessory on manifests (repository_id, accessory_of, id) where accessory_of is not null;
    create index manifests_project on manifests (project_id, push_time desc, id desc);

    create table manifest_blobs (
      manifest_id bigint not null references manifests on delete cascade,
      repository_id bigint not null,
      digest bytea not null,
      size bigint not null,
      media_type text not null,
      position int not null,
      -- config, layer, foreign (a layer that may be missing), or entry (a blob named by an index).
      role text not null,
      primary key (manifest_id, position)
    );
    create index manifest_blobs_digest on manifest_blobs (repository_id, digest);
    create table manifest_children (
      manifest_id bigint not null references manifests on delete cascade,
      repository_id bigint not null,
      position int not null,
      child_digest bytea not null,
      platform jsonb,
      annotations jsonb,
      urls jsonb,
      primary key (manifest_id, position)
    );
    create index manifest_children_child on manifest_children (repository_id, child_digest);

    create table tags (
      id bigint generated always as identity unique,
      repository_id bigint not null references repositories on delete cascade,
      project_id int not null,
      name text collate "C" not null,
      manifest_id bigint not null references manifests on delete cascade,
      digest bytea not null,
      -- What the tag pointed at before it last moved.
      previous_digest bytea,
      pushed_by text not null,
      created_at timestamptz not null default now(),
      push_time timestamptz not null default now(),
      pull_time timestamptz,
      primary key (repository_id, name)
    );
    create index tags_manifest on tags (manifest_id, name);
    create index tags_newest on tags (repository_id, push_time desc, id desc);

    -- Pulls on their way into counters and times (F4): written in batches, folded by the worker. A crash may cost the
    -- last seconds of statistics, never content.
    create unlogged table pull_records (
      id bigint generated always as identity primary key,
      repository_id bigint not null,
      digest bytea not null,
      tag text,
      pulls int not null,
      last_pulled_at timestamptz not null
    );
  `,
  down: `
    drop table pull_records, tags, manifest_children, manifest_blobs, manifests, uploads, project_blobs, repository_blobs, blobs, repository_changes, repositories;
    drop function digest_text(bytea); drop function digest_bytes(text);
  `,
});
